import Foundation
import Records
import Rewards
import TestSupport
import Testing
import Yams

struct SpecificationTests {
    private func specification(_ yaml: String) throws -> RewardSpecification {
        try RewardSpecification(YAMLDecoder().decode(JSONValue.self, from: yaml))
    }

    @Test(arguments: [
        "{type: answer, mode: option}", "{type: answer, mode: number, tolerance: 0.01, weight: 2}",
        "{type: answer, mode: exact, column: solution, require_tag: true, name: gold-1}",
        "{type: answer, mode: text}", "{type: answer, mode: diagnosis}",
        "{type: format}", "{type: format, mode: strict, tags: [think, answer], weight: 0.5}",
        "{type: tag_count}", "{type: integer, weight: 0.5}", "{type: length, max_tokens: 200}",
        "{type: length, min_tokens: 5, max_tokens: 200, margin: 50}",
        "{type: repetition}", "{type: repetition, ngram_size: 4, max_penalty: -0.5}",
        "{type: forbidden_advice}", "{type: forbidden_advice, patterns: ['foo\\d']}",
        "{type: program, command: [sh, -c, 'cat']}",
        "{type: program, command: [./judge], timeout: 2.5, max_restarts: 0, stderr_file: log}",
        "{type: model, path: runs/reward, name: judge, weight: -1}",
    ])
    func survivesWritingAndReading(_ yaml: String) throws {
        let first = try specification(yaml)
        let again = try RewardSpecification(first.json)
        #expect(again == first)
        #expect(again.json == first.json)
        _ = try first.make { name, settings in
            #expect((name, settings.path) == ("judge", "runs/reward"))
            return IntegerReward(name: name)
        }
    }

    @Test func defaultsAreFilledIn() throws {
        let specification = try specification("{type: answer, mode: number}")
        #expect(
            specification.json
                == .object([
                    "type": .string("answer"), "name": .string("answer"), "weight": .number(1),
                    "mode": .string("number"), "require_tag": .bool(false),
                    "tolerance": .number(1e-6),
                ]))
    }

    @Test(arguments: [
        ("{type: anwser}", "'anwser' is no type of reward; the nearest is 'answer'"),
        ("{mode: exact}", "type: must be one of answer, format, tag_count"),
        ("answer", "is not a mapping"), ("{type: answer}", "mode: must be one of option, exact"),
        ("{type: answer, mode: fuzzy}", "(answer): mode: must be one of option"),
        ("{type: answer, mode: exact, require_tags: true}", "the nearest is 'require_tag'"),
        ("{type: answer, mode: exact, tolerance: 1}", "tolerance: is no key"),
        ("{type: answer, mode: number, tolerance: -1}", "tolerance: is negative"),
        ("{type: answer, mode: exact, require_tag: 3}", "must be true or false"),
        ("{type: format, wieght: 2}", "wieght: is no key of this reward; the nearest is 'weight'"),
        ("{type: format, weight: heavy}", "weight: must be a number"),
        ("{type: format, weight: .inf}", "weight: must be a number"),
        ("{type: format, name: a b}", "name: must be of letters"),
        ("{type: format, name: ''}", "name: must be text"),
        ("{type: format, tags: [<think>]}", "tags: must be different names"),
        ("{type: format, tags: [a, a]}", "tags: must be different names"),
        ("{type: format, tags: []}", "tags: must be a list of texts"),
        ("{type: length}", "max_tokens: must be a whole number, 1 or more"),
        ("{type: length, min_tokens: 9, max_tokens: 8}", "max_tokens: must be a whole number, 9"),
        ("{type: length, max_tokens: 8, margin: 0.5}", "margin: must be a whole number"),
        ("{type: repetition, max_penalty: 1}", "max_penalty: must not be positive"),
        ("{type: forbidden_advice, patterns: [ok, '(']}", "number 2 is not a regular expression"),
        ("{type: program}", "command: is missing"), ("{type: model}", "path: is missing"),
        ("{type: program, command: [a, 1]}", "put numbers in quotes"),
        ("{type: program, command: [a], timeout: 0}", "timeout: must be over 0"),
    ])
    func mistakesAreNamed(_ yaml: String, _ message: String) {
        let error = #expect(throws: RewardSpecificationError.self) { try specification(yaml) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "none")")
    }

    @Test func lists() throws {
        let two = try YAMLDecoder().decode(
            [JSONValue].self, from: "[{type: format}, {type: format, mode: soft}]")
        let error = #expect(throws: RewardSpecificationError.self) {
            try RewardSpecification.list(two)
        }
        #expect(error?.index == 1)
        #expect(error?.description.hasPrefix("reward 2: name: 'format' is the name of two") == true)
        #expect(throws: RewardSpecificationError.self) { try RewardSpecification.list([]) }
        #expect(try RewardSpecification.list([two[0]]).map(\.name) == ["format"])
    }

    @Test func pathsCountFromTheRecipe() throws {
        let folder = URL(filePath: "/a/b")
        let program = try specification(
            "{type: program, command: [python3, ./judge.py, ../x, data], stderr_file: log}")
        #expect(
            program.resolvingPaths(in: folder).json["command"]
                == .array(["python3", "/a/b/judge.py", "/a/x", "data"].map(JSONValue.string)))
        #expect(program.resolvingPaths(in: folder).json["stderr_file"] == .string("/a/b/log"))
        let model = try specification("{type: model, path: runs/r}")
        #expect(model.resolvingPaths(in: folder).json["path"] == .string("/a/b/runs/r"))
        let absolute = try specification("{type: model, path: /r}")
        #expect(absolute.resolvingPaths(in: folder) == absolute)
    }

    /// The recipes of both public GRPO systems: weights as published.
    @Test(arguments: [
        (
            "grpo-healthcare",
            ["correctness", "integer", "strict_format", "soft_format", "xml_count"],
            [2, 0.5, 0.5, 0.5, 1]
        ),
        ("med-r1-text", ["accuracy", "format"], [1, 1]),
    ])
    func recipes(_ file: String, _ names: [String], _ weights: [Double]) throws {
        let url = TestFiles.root.appending(path: "Recipes/\(file).yaml")
        let recipe = try YAMLDecoder().decode(
            [String: JSONValue].self, from: String(contentsOf: url, encoding: .utf8))
        let list = try RewardSpecification.list(recipe["rewards"]?.array ?? [])
        #expect(list.map(\.name) == names)
        #expect(list.map(\.weight) == weights)
        let panel = try RewardPanel(list) { name, _ in IntegerReward(name: name) }
        let completion = recipe["system_prompt"]?.string ?? ""
        #expect(completion.contains("<answer>"))
        // An answer in the form that the recipe asks for earns all that the record allows.
        let gold: [String: JSONValue] = ["answer": .string("<answer> 3 </answer>")]
        let tags = file == "med-r1-text" ? "think" : "reasoning"
        let reply = "<\(tags)>\nOne.\n</\(tags)>\n<answer>\n3\n</answer>"
        let options: JSONValue = .object(["2": .string("two"), "3": .string("three")])
        let columns = gold.merging(["options": options]) { $1 }
        let scores = try panel.scores(of: [input(reply, columns), input("", columns)])
        #expect(scores.columns.allSatisfy { ($0[0] ?? 0) > 0 && $0[1] == 0 })
    }
}
