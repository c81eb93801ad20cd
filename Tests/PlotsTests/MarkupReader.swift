import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The elements of a well-formed XML document, in order.
final class MarkupReader: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let attributes: [String: String]
        var text = ""
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []

    /// Nil unless `document` is well formed.
    static func read(_ document: String) -> [Element]? {
        let reader = MarkupReader()
        let parser = XMLParser(data: Data(document.utf8))
        parser.delegate = reader
        return parser.parse() ? reader.elements : nil
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes))
    }

    func parser(
        _ parser: XMLParser,
        didEndElement name: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        for index in open { elements[index].text += string }
    }
}

extension [MarkupReader.Element] {
    func named(_ name: String, class style: String? = nil) -> [MarkupReader.Element] {
        filter { element in
            let classes = element.attributes["class"]?.split(separator: " ").map(String.init) ?? []
            return element.name == name && style.map(classes.contains) ?? true
        }
    }
}
