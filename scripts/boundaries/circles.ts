/** Files that import one another in a loop, each loop once, its files in alphabetical order (Tarjan's strongly connected components). */
export function findCircles(imports: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (file: string) => {
    const place = order.size;
    order.set(file, place);
    lowest.set(file, place);
    path.push(file);
    onPath.add(file);
    for (const target of imports.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      else if (!onPath.has(target)) continue;
      lowest.set(file, Math.min(lowest.get(file) ?? place, lowest.get(target) ?? place));
    }
    if (lowest.get(file) !== place) return;
    const circle = path.splice(path.indexOf(file));
    for (const member of circle) onPath.delete(member);
    if (circle.length > 1 || imports.get(file)?.has(file)) circles.push(circle.sort());
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}
