const day = 86_400_000;

/** A moment as people say it: "just now", "12 min ago", "14:05", "Tue 14:05", "3 Mar", "3 Mar 2024". */
export function formatWhen(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const [date, today] = [new Date(time), new Date(now)];
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  if (date.toDateString() === today.toDateString()) return clock;
  // Six days, lest the same weekday of last week be meant.
  if (now - time < 6 * day && now > time) return `${weekdays[date.getDay()]} ${clock}`;
  const short = `${date.getDate()} ${months[date.getMonth()]}`;
  return date.getFullYear() === today.getFullYear() ? short : `${short} ${date.getFullYear()}`;
}

/** What is left of something under way, no finer than it is known: "40 s left", "3 min left", "2 h left". */
export function formatRemaining(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 3570) return `${Math.round(seconds / 60)} min left`;
  const hours = seconds / 3600;
  return hours < 47.5 ? `${Math.round(hours)} h left` : `${Math.round(hours / 24)} d left`;
}

/** "2026-03-03 14:05:09", for tooltips and files. */
export function formatMoment(time: number): string {
  const date = new Date(time);
  const days = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${days} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
