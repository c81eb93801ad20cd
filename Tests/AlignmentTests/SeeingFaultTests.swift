import Datasets
import Foundation
import Generation
import Recipes
import Records
import Testing

@testable import Alignment

/// Images that cannot be used, in every method's file: all are told of at once, with their lines,
/// and nothing has been written.
struct SeeingFaultTests {
    /// The second line's image is missing, the third's is cut off, the fifth's is both.
    private func damage(_ fixture: MethodFixture, _ method: String) throws {
        let whole = try Data(contentsOf: fixture.folder.appending(path: "3.png"))
        try whole.prefix(whole.count / 2).write(to: fixture.folder.appending(path: "cut.png"))
        let purpose = MethodRecords.purpose(of: method)
        var lines = MethodRecords.lines(purpose, withImages: true)
        lines[1] = lines[1].replacing(#"["1.png"]"#, with: #"["gone.png"]"#)
        lines[2] = lines[2].replacing(#", "#, with: #", "image": "cut.png", "#, maxReplacements: 1)
        lines[4] = lines[4].replacing(#"["3.png", "0.png"]"#, with: #"["cut.png", "cut.png"]"#)
        try fixture.write(lines, to: purpose.rawValue)
    }

    private func problems(
        _ fixture: MethodFixture, _ method: String, _ change: MethodFixture.Change = { _ in }
    ) -> [RecordProblem] {
        let error = #expect(throws: DatasetError.self) {
            try fixture.trainer(method, "run", change)
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.run("run").url.path))
        guard case .unusable(let problems)? = error else { return [] }
        return problems
    }

    @Test(arguments: MethodFixture.all) func toldOfTogether(method: String) throws {
        let fixture = try MethodFixture(.llava)
        try damage(fixture, method)
        let problems = problems(fixture, method)
        #expect(problems.map(\.line) == [2, 3, 5])
        let texts = problems.map(\.description)
        let file = fixture.file(MethodRecords.purpose(of: method).rawValue).path
        #expect(zip(texts, [2, 3, 5]).allSatisfy { $0.hasPrefix("\(file):\($1): record ") })
        #expect(texts[0].hasSuffix("there is no file gone.png"))
        #expect(texts[1].contains("cut.png: "))
        // Both images of a record are told of.
        #expect(texts[2].components(separatedBy: "cut.png: ").count == 3)
    }

    /// Those of the held-out file too, and the training file's first.
    @Test(arguments: ["sft", "dpo", "kto", "grpo"]) func ofBothFiles(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let purpose = MethodRecords.purpose(of: method)
        let sound = fixture.file("sound")
        try FileManager.default.copyItem(at: fixture.file(purpose.rawValue), to: sound)
        try damage(fixture, method)
        let held = problems(fixture, method) { settings in
            (settings.validationFile, settings.trainFile) = (settings.trainFile, sound.path)
        }
        #expect(held.map(\.line) == [2, 3, 5])
        let copy = fixture.file("copy")
        try FileManager.default.copyItem(at: fixture.file(purpose.rawValue), to: copy)
        let both = problems(fixture, method) { $0.validationFile = copy.path }
        #expect(both.map(\.line) == [2, 3, 5, 2, 3, 5])
        #expect(both[2].file.hasSuffix("\(purpose).jsonl") && both[3].file == copy.path)
    }

    @Test(arguments: MethodFixture.all) func modelsThatReadNoImages(method: String) throws {
        let fixture = try MethodFixture(.blind)
        let problems = problems(fixture, method)
        #expect(problems.map(\.line) == [1, 2, 4, 5])
        #expect(problems.allSatisfy { $0.description.hasSuffix("the model reads no images") })
    }

    /// What a recipe leaves out on request is told of, and the rest is trained on.
    @Test func leftOutOnRequest() throws {
        let fixture = try MethodFixture(.llava)
        try damage(fixture, "sft")
        var (recipe, warnings) = (SupervisedRecipe(), [String]())
        fixture.shared(&recipe.settings, "run", data: "examples")
        recipe.settings.invalidRecords = .skip
        recipe.settings.maxSteps = 1
        let trainer = try SupervisedTrainer(recipe, model: fixture.model()) { warnings.append($0) }
        let leftOut = warnings.filter { $0.hasPrefix("left out: ") }
        #expect(leftOut.count == 3 && warnings.count == 4)
        #expect(try fixture.finish(trainer).steps == 1)
    }

    /// A model that reads images is told at once how many records hold one, where some hold none.
    @Test(arguments: MethodFixture.all) func recordsWithoutImages(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let purpose = MethodRecords.purpose(of: method)
        let lines = MethodRecords.lines(purpose, withImages: true)
        let shown = lines.count { $0.contains(#""images""#) }
        _ = try fixture.trainer(method, "some")
        let file = fixture.file(purpose.rawValue).path
        #expect(
            fixture.shares == [
                "\(file): \(shown) of \(lines.count) records hold an image; the model reads images"
            ])
        let all = try MethodFixture(.llava)
        try all.write(lines.filter { $0.contains(#""images""#) }, to: purpose.rawValue)
        _ = try all.trainer(method, "all")
        #expect(all.shares.isEmpty)
    }

    /// Images in base64, in a column that the recipe names, are those of the files; a damaged one is
    /// told of by its column.
    @Test(arguments: ["sft", "dpo", "grpo"]) func writtenOut(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let purpose = MethodRecords.purpose(of: method)
        var lines = MethodRecords.lines(purpose, withImages: true)
        for number in 0..<MethodRecords.imageCount {
            let file = fixture.folder.appending(path: "\(number).png")
            let letters = try Data(contentsOf: file).base64EncodedString()
            lines = lines.map {
                $0.replacing("\"\(number).png\"", with: "\"data:image/png;base64,\(letters)\"")
                    .replacing(#""images""#, with: #""scans""#)
            }
        }
        try fixture.write(lines, to: purpose.rawValue)
        _ = try fixture.trainer(method, "run") { $0.imageKey = "scans" }
        let unnamed = problems(fixture, method)
        #expect(unnamed.allSatisfy { $0.fault == .unreadImages(column: "scans") })
        #expect(!unnamed.isEmpty)
        let cut = try Data(contentsOf: fixture.folder.appending(path: "1.png")).prefix(60)
            .base64EncodedString()
        let place = try #require(lines.firstIndex { $0.contains(#""scans""#) })
        let parts = lines[place].components(separatedBy: "base64,")
        lines[place] =
            [
                parts[0],
                cut + String(parts[1][(parts[1].firstIndex(of: "\"") ?? parts[1].startIndex)...]),
            ].joined(separator: "base64,") + parts.dropFirst(2).map { "base64,\($0)" }.joined()
        try fixture.write(lines, to: purpose.rawValue)
        let damaged = problems(fixture, method) { $0.imageKey = "scans" }
        #expect(damaged.count == 1)
        let text = damaged.first?.description ?? ""
        #expect(text.contains("image in column `scans`: ") && !text.contains(cut))
    }

    /// A file that goes missing during a run ends it with an error that names the image; what was
    /// saved stays.
    @Test(arguments: ["sft", "dpo", "kto", "reward", "grpo", "ppo"])
    func goneDuringARun(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let trainer = try fixture.trainer(method, "run") { $0.perDeviceTrainBatchSize = 12 }
        for number in 0..<MethodRecords.imageCount {
            let file = fixture.folder.appending(path: "\(number).png")
            try FileManager.default.removeItem(at: file)
        }
        let error = #expect(throws: (any Error).self) { try fixture.finish(trainer) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(".png"))
    }
}
