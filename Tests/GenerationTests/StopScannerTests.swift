import Testing

@testable import Generation

struct StopScannerTests {
    /// The text that comes out of pieces, and whether a stop string ended it.
    private func scan(_ stops: [String], _ pieces: [String]) -> (text: [String], isStopped: Bool) {
        var scanner = StopScanner(stops)
        var texts: [String] = []
        for piece in pieces {
            let (text, isStopped) = scanner.append(piece)
            texts.append(text)
            if isStopped { return (texts, true) }
        }
        return (texts + [scanner.flush()], false)
    }

    @Test func withoutStopStringsNothingIsHeldBack() {
        let (text, isStopped) = scan([], ["a", "b"])
        #expect(text == ["a", "b", ""] && !isStopped)
    }

    @Test func stopStringAcrossPieces() {
        let (text, isStopped) = scan(["\n\nQ:"], ["Answer.\n", "\nQ", ": more"])
        #expect(text == ["Answer.", "", ""] && isStopped)
    }

    @Test func whatOnlyBeganAsAStopStringComesLater() {
        let (text, isStopped) = scan(["\n\nQ:"], ["one\n", "\nQ", "uite", "\n"])
        #expect(text == ["one", "", "\n\nQuite", "", "\n"] && !isStopped)
    }

    @Test func firstPlaceWinsAmongSeveral() {
        let (text, isStopped) = scan(["END", "D"], ["the EN", "D"])
        #expect(text == ["the ", ""] && isStopped)
        let (other, _) = scan(["abcd", "b"], ["xab"])
        #expect(other == ["xa"])
    }

    /// "aab" in "aaab": the first "a" is let go, the others are the beginning.
    @Test func overlappingBeginnings() {
        let (text, isStopped) = scan(["aab"], ["a", "a", "a", "b"])
        #expect(text == ["", "", "a", ""] && isStopped)
    }

    @Test func charactersOfSeveralBytesAndCombinedOnes() {
        let (text, isStopped) = scan(["末尾"], ["文末", "尾"])
        #expect(text == ["文", ""] && isStopped)
        // A stop string counts even where a combining mark follows it.
        let (marked, ended) = scan(["e"], ["caf", "e\u{301}"])
        #expect(marked == ["caf", ""] && ended)
    }

    /// Every way to cut a text into pieces gives the same text up to the stop string.
    @Test func cutsDoNotMatter() {
        let text = Array("aXbXYaXYZb")
        for mask in 0..<(1 << (text.count - 1)) {
            var pieces = [""]
            for (index, character) in text.enumerated() {
                pieces[pieces.count - 1].append(character)
                if mask >> index & 1 == 1 { pieces.append("") }
            }
            let (result, isStopped) = scan(["XYZ"], pieces)
            #expect(result.joined() == "aXbXYa" && isStopped)
        }
    }
}
