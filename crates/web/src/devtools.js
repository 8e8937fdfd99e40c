// Comments are in devtools.rs.
const adopt = css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== sheet);
  };
};

const append = css => {
  const style = document.createElement('style');
  style.textContent = css;
  document.documentElement.append(style);
  return () => style.remove();
};

export function addStyleSheet(css) {
  try {
    return adopt(css);
  } catch {
    return append(css);
  }
}
