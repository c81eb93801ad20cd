// Building SVG and MathML elements.

/**
 * @param {string} space
 * @returns {(tag: string, attributes?: Record<string, string | number>,
 *   ...children: (Node | string)[]) => Element}
 */
function builder(space) {
  return (tag, attributes = {}, ...children) => {
    const element = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, String(value));
    }
    element.append(...children);
    return element;
  };
}

export const svg = builder("http://www.w3.org/2000/svg");
export const math = builder("http://www.w3.org/1998/Math/MathML");
