/** The sign of the product. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 18h26l-3.2 6.4a3 3 0 0 1-2.7 1.6H8.9a3 3 0 0 1-2.7-1.6z" />
      <path opacity=".65" d="M15 4v12H6c4-3 7.5-7 9-12zm2 1c5 2.5 8 6.5 9 11h-9z" />
    </svg>
  );
}
