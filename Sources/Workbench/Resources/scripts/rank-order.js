// The arithmetic of places: which answer stands where. Place 1 is best; equal places are ties.

/** @typedef {ReadonlyMap<number, number>} Places by the answer's id; unplaced ones are missing */

/**
 * @param {Places} places
 * @param {number} id
 * @param {number | null} place null takes the answer back
 * @returns {Places}
 */
export function placed(places, id, place) {
  const result = new Map(places);
  if (place === null) result.delete(id);
  else result.set(id, place);
  return result;
}

/**
 * One place better (-1) or worse (+1); an answer without a place begins at that end.
 * @param {Places} places
 * @param {number} id
 * @param {-1 | 1} direction
 * @param {number} count how many places there are
 */
export function moved(places, id, direction, count) {
  const now = places.get(id);
  if (now === undefined) return placed(places, id, direction < 0 ? 1 : count);
  return placed(places, id, Math.min(count, Math.max(1, now + direction)));
}

/**
 * Puts an answer beside its better neighbour; beside the worse one when it is best. One without a
 * place goes beside the worst that has one.
 * @param {Places} places
 * @param {number} id
 */
export function tied(places, id) {
  const now = places.get(id) ?? Infinity;
  const others = [...places].filter(([other]) => other !== id).map(([, place]) => place);
  const better = others.filter((place) => place <= now);
  const neighbour = better.length > 0 ? Math.max(...better) : Math.min(...others);
  return placed(places, id, Number.isFinite(neighbour) ? neighbour : 1);
}

/**
 * The same order without empty places, as it is submitted.
 * @param {Places} places
 * @returns {Record<string, number>}
 */
export function ranks(places) {
  const levels = [...new Set(places.values())].sort((a, b) => a - b);
  return Object.fromEntries([...places].map(([id, place]) => [id, levels.indexOf(place) + 1]));
}

/**
 * @param {Record<string, number>} ranks
 * @returns {Places}
 */
export function places(ranks) {
  return new Map(Object.entries(ranks).map(([id, rank]) => [Number(id), rank]));
}

/**
 * What people call a place.
 * @param {number} place
 * @param {number} count
 */
export function placeName(place, count) {
  if (count === 2) return place === 1 ? "Better" : "Worse";
  if (place === 1) return "Best";
  if (place === count) return "Worst";
  if (count === 3) return "Middle";
  return `${place}${place === 2 ? "nd" : place === 3 ? "rd" : "th"}`;
}
