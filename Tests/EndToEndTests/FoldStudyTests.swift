import Foundation
import Images
import Randomness
import Testing
import VisionTestSupport

extension OneAtATime {
    /// A cross-validation of a tiny model that sees, with a linear probe beside it.
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct FoldStudyTests {
        /// Twelve dark and light pictures of six patients, two each.
        private func program() throws -> ProgramFolder {
            let program = try ProgramFolder()
            for name in ["model", "images"] {
                try FileManager.default.createDirectory(
                    at: program.url(name), withIntermediateDirectories: true)
            }
            _ = try TinyVLM.model(in: program.url("model"))
            let rows = try (0..<12).map { number in
                var stream = RandomStream(seed: UInt64(number))
                let grey = number % 2 == 0 ? 40 : 190
                let pixels = (0..<(16 * 16 * 3)).map { _ in UInt8(grey + stream.next(below: 40)) }
                let image = RGBImage(width: 16, height: 16, pixels: pixels)
                try Data(PNGFile.bytes(of: image)).write(to: program.url("images/\(number).png"))
                return #"{"id": "q\#(number)", "image": "images/\#(number).png", "#
                    + #""problem": "Which? A)dark, B)light", "patient": "p\#(number / 2)", "#
                    + #""solution": "<answer> \#(number % 2 == 0 ? "A" : "B") </answer>"}"#
            }
            try program.write(rows.joined(separator: "\n"), to: "asked.jsonl")
            // A picture of the study among what every fold trains on: the study says so.
            let other = #"{"image": "images/0.png", "problem": "What?", "solution": "a picture"}"#
            try program.write(other, to: "other.jsonl")
            try program.write(
                """
                per_device_train_batch_size: 4
                max_steps: 2
                lora_r: 2
                lora_dropout: 0
                image_flip: 0.5
                balance_answers: true
                """, to: "sft.yaml")
            try program.write(
                """
                task: omnimedvqa
                model: model
                data: asked.jsonl
                folds: 3
                fold_by: patient
                fold_validation: 0.25
                probe: true
                evaluate_by: [likelihood]
                limit: 3
                methods:
                  - name: sight
                    method: sft
                    template: plain
                    recipe: sft.yaml
                    overrides:
                      train_files: [{file: "{train}", weight: 3}, {file: other.jsonl}]
                      early_stopping_patience: 1
                """, to: "study.yaml")
            return program
        }

        private static let words = [
            "study", "study.yaml", "--threads", "2", "--output_dir", "out",
        ]

        @Test(.timeLimit(.minutes(3)))
        func everyQuestionIsAnsweredByAModelThatHasNotSeenIt() throws {
            let program = try program()
            let result = try program.start(Self.words).wait()
            try #require(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("shows 1 of the images that are asked about"))
            var tested: [String] = []
            for fold in 1...3 {
                let test = try ids(program, "out/folds/fold\(fold)/test.json")
                let train = try ids(program, "out/folds/fold\(fold)/train.json")
                let validation = try ids(program, "out/folds/fold\(fold)/validation.json")
                #expect(test.count == 4 && train.count == 6 && validation.count == 2)
                #expect(Set(test + train + validation).count == 12)
                tested += test
                let recipe = try program.read("out/sight-fold\(fold)/sft/recipe.yaml")
                #expect(recipe.contains("folds/fold\(fold)/train.json"))
                #expect(recipe.contains("folds/fold\(fold)/validation.json"))
            }
            #expect(Set(tested).count == 12)
            let report = try object(program.read("out/report.json"))
            let subjects = try #require(report["subjects"] as? [[String: Any]])
            #expect(subjects.compactMap { $0["name"] as? String } == ["base", "sight", "probe"])
            for subject in subjects {
                let summary = try #require(subject["summary"] as? [String: Any])
                #expect(summary["n"] as? Int == 9)
            }
            // Dark and light are told apart by any tower: the probe has them all.
            let page = try program.read("out/report.md")
            #expect(page.contains("| all | probe | 9 | 100.0 %"))
            let again = try program.start(Self.words).wait()
            #expect(again.status == 0 && again.output == result.output)
            #expect(!again.errors.contains("sight-fold1"))

            // With other folds nothing is touched: the models have seen what would be asked.
            let kept = try program.read("out/folds/fold1/test.json")
            for other in [["--seed", "5"], ["--fold_by", "image"], ["--folds", "2"]] {
                let refused = try program.start(Self.words + other).wait()
                #expect(refused.status == 1)
                #expect(
                    refused.errors.contains("the set of folds was made with other"),
                    "\(refused.errors)")
                #expect(try program.read("out/folds/fold1/test.json") == kept)
                #expect(!program.exists("out/folds.new"))
            }
        }

        @Test(arguments: [
            ("folds: 1", "must be 0 or in 2...1000"), ("folds: 0", "needs folds"),
            ("task: casebank", "needs a task with images"),
            ("fold_validation: 1.5", "must be in [0, 1)"),
            ("fold_by: ward", "has no 'ward' to part records by"),
            ("folds: 7", "7 folds cannot be made of 6 groups"),
        ])
        func faultsAreNamed(line: String, reason: String) throws {
            let program = try program()
            let key = line.split(separator: ":")[0]
            let kept = try program.read("study.yaml").split(separator: "\n")
                .filter { !$0.hasPrefix("\(key):") }
            try program.write((kept + [Substring(line)]).joined(separator: "\n"), to: "study.yaml")
            let result = try program.start(Self.words).wait()
            #expect(result.status == 1 && result.errors.contains(reason), "\(result.errors)")
        }

        private func ids(_ program: ProgramFolder, _ name: String) throws -> [String] {
            let rows = try JSONSerialization.jsonObject(with: Data(program.read(name).utf8))
            return try #require(rows as? [[String: Any]]).compactMap { $0["id"] as? String }
        }
    }
}
