import Answers
import Foundation
import Testing

@testable import Feedback

@Suite struct SamplingPlanTests {
    // 0.6 + 12 * 0.05 = 1.2, the most; attempt 20 would be at 1.55.
    @Test(arguments: [(1, 0.6), (2, 0.65), (13, 1.2), (20, 1.2)])
    func temperatures(attempt: Int, temperature: Double) {
        #expect(abs(SamplingPlan().temperature(ofAttempt: attempt) - temperature) < 1e-12)
    }

    @Test func defaultsAreThoseOfTheDesign() throws {
        let plan = try JSONDecoder().decode(SamplingPlan.self, from: Data("{}".utf8))
        #expect(plan == SamplingPlan())
        #expect(plan.wanted == 3 && plan.verify && plan.schedule.attempts == 20)
        #expect(plan.schedule.topP == 0.9 && plan.schedule.repetitionPenalty == 1.1)
        #expect(plan.schedule.maxTokens == 300 && plan.schedule.maxOverlap == 0.7)
        try plan.validate()
    }

    @Test func isOneFlatObject() throws {
        let json = #"{"wanted": 2, "verify": false, "attempts": 9, "topP": 0.8, "maxOverlap": 0.5}"#
        let plan = try JSONDecoder().decode(SamplingPlan.self, from: Data(json.utf8))
        #expect(plan.wanted == 2 && !plan.verify && plan.schedule.attempts == 9)
        #expect(plan.schedule.topP == 0.8 && plan.schedule.maxOverlap == 0.5)
        let again = try JSONDecoder().decode(SamplingPlan.self, from: JSONEncoder().encode(plan))
        #expect(again == plan)
    }

    @Test(arguments: [
        ("wanted", 0.0), ("wanted", 21), ("attempts", 0), ("temperature", -0.1),
        ("temperatureStep", -1), ("maxTemperature", 0.5), ("topP", 0), ("topP", 1.1), ("topK", -1),
        ("repetitionPenalty", 0), ("maxTokens", 0), ("maxOverlap", 1.01),
    ])
    func refusesWhatIsOutOfRange(field: String, value: Double) throws {
        let number = value == value.rounded() ? "\(Int(value))" : "\(value)"
        let json = Data("{\"\(field)\": \(number)}".utf8)
        let plan = try JSONDecoder().decode(SamplingPlan.self, from: json)
        // More traces than attempts: it is the attempts that are too few.
        let expected = value == 21 ? "attempts" : field
        #expect {
            try plan.validate()
        } throws: { error in
            guard case FeedbackError.invalid(let named, _) = error else { return false }
            return named == expected
        }
    }
}

@Suite struct PromptVariantTests {
    let options = [
        AnswerOption(label: "A", text: "Asthma"), AnswerOption(label: "B", text: "Croup"),
    ]

    @Test func wordingsTakeTurns() {
        let variants = (1...4).map(PromptVariant.init)
        #expect(variants == [.findings, .stepwise, .colleague, .findings])
    }

    @Test(arguments: PromptVariant.allCases)
    func asksForAForm(variant: PromptVariant) throws {
        let choice = try #require(variant.prompt(question: "Which?", options: options).first)
        #expect(choice.role == "user")
        #expect(choice.content.hasPrefix("Which?\nA. Asthma\nB. Croup\n\n"))
        #expect(choice.content.hasSuffix("End with a line \"Answer: <letter>\"."))
        let open = try #require(variant.prompt(question: "Which?", options: []).first)
        #expect(open.content.hasPrefix("Which?\n\n"))
        #expect(open.content.hasSuffix("End with a line \"Final answer: <your answer>\"."))
    }

    /// A reply that repeats the wording has answered nothing.
    @Test(arguments: PromptVariant.allCases)
    func theWordingIsNoAnswer(variant: PromptVariant) throws {
        let prompt = try #require(variant.prompt(question: "Which?", options: options).first)
        #expect(AnswerParser(options: options).label(in: prompt.content) == nil)
    }
}
