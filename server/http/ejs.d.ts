/** The one function of EJS that is used; it has no types of its own. */
declare module 'ejs' {
  const ejs: {
    renderFile(file: string, data: object, done: (error: Error | null, html: string) => void): void;
  };
  export default ejs;
}
