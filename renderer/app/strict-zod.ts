import { z } from 'zod';

// The content security policy forbids compiling code from text, which zod would try. Imported before any schema is made.
z.config({ jitless: true });
