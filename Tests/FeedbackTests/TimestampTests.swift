import Foundation
import Testing

@testable import Feedback

struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_262_400_125, "2026-11-21T12:00:00.125Z"),
            // 29 February of a year that 400 divides, one millisecond before midnight.
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func textAndBack(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00.1Z", "2026-11-21 12:00:00.125Z",
        "2026-11-21T12:00:00.125+01:00", "2026-13-21T12:00:00.125Z", "2026-11-21T12:00:00.-25Z",
        "x",
    ])
    func refusesOtherTexts(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func isATextInJSON() throws {
        let time = Timestamp(milliseconds: 1_795_262_400_125)
        let json = try JSONEncoder().encode([time])
        #expect(String(decoding: json, as: UTF8.self) == "[\"2026-11-21T12:00:00.125Z\"]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: json) == [time])
    }
}
