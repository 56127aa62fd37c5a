/** Lets the browser paint and handle input before the next piece of work. */
export const yieldToScreen = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
