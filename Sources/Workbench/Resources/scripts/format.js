// Numbers, dates and counts as people read them.

const locale = "en-GB";

/**
 * A number with so many digits after the point; a dash where there is none.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function number(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return text.replace("-", "−");
}

/**
 * A number with about three digits that say something.
 * @param {number} value
 */
export function compact(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace("-", "−");
  const text = value.toLocaleString(locale, { maximumSignificantDigits: 3 });
  return text.replace("-", "−");
}

/** @param {number | null | undefined} value */
export function whole(value) {
  return number(value, 0);
}

/**
 * A share from 0 to 1 as per cent.
 * @param {number | null | undefined} share
 * @param {number} [digits]
 */
export function percent(share, digits = 0) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return `${number(share * 100, digits)} %`;
}

/**
 * "1 case", "3 cases".
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

/** @param {string | null | undefined} time */
export function moment(time) {
  if (!time) return "–";
  return new Date(time).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/**
 * A day without its year, "21 Nov".
 * @param {string | undefined} date
 */
export function dayName(date) {
  if (date === undefined) return "";
  return new Date(date).toLocaleDateString(locale, { day: "numeric", month: "short" });
}

/** @param {Date} date */
export function clock(date) {
  return date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

/**
 * The time between two moments, "4 min 10 s".
 * @param {string} from
 * @param {string | null | undefined} to
 */
export function duration(from, to) {
  const end = to ? new Date(to).getTime() : Date.now();
  const seconds = Math.max(0, Math.round((end - new Date(from).getTime()) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/**
 * The beginning of a text, cut between words.
 * @param {string} text
 * @param {number} [length]
 */
export function beginning(text, length = 160) {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  const cut = line.lastIndexOf(" ", length);
  return `${line.slice(0, cut > length / 2 ? cut : length)} …`;
}

/** A, B, ... by index. @param {number} index */
export function letter(index) {
  return String.fromCharCode(65 + (index % 26));
}
