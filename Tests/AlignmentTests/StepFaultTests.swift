import Checkpoints
import Foundation
import Testing
import Torch
import Tracking

@testable import Alignment

/// Records whose numbers are not finite in a real run of each method: a tiny model knows one byte
/// by a row of NaN, and one answer holds it.
struct StepFaultTests {
    private static let methods = ["sft", "dpo", "bco_pair", "orpo", "simpo", "kto", "reward"]

    /// The record with the byte, as the method's messages name it.
    private func name(_ method: String) -> String {
        switch method {
        case "sft": "e3"
        case "kto": "p3/chosen"
        default: "p3"
        }
    }

    private func fixture(_ method: String) throws -> MethodFixture {
        let fixture = try MethodFixture(.llava)
        let purpose = MethodRecords.purpose(of: method)
        try fixture.write(
            MethodRecords.lines(purpose, withImages: true).map {
                $0.replacing("lumbar puncture", with: "lumbar~puncture")
            }, to: purpose.rawValue)
        let folder = fixture.folder.appending(path: "model")
        let weights = try SafetensorsWeights(url: folder)
        let tensors = try weights.names.map { name in
            let tensor = try weights.tensor(name) + 0
            if name.hasSuffix("embed_tokens.weight") {
                tensor.slice(0, 126..<127).mul_(.nan)
            }
            return (name, tensor)
        }
        try TensorFile.write(tensors, to: folder.appending(path: "model.safetensors"))
        return fixture
    }

    /// Every step that meets the record is left out and says which it was, and every other one
    /// learns: the mean of `bco_pair` too stays a number.
    @Test(arguments: methods) func recordIsNamedAndPassedBy(method: String) throws {
        let fixture = try fixture(method)
        let outcome = try fixture.finish(
            fixture.trainer(method, "run") { settings in
                (settings.perDeviceTrainBatchSize, settings.numTrainEpochs) = (2, 2)
                settings.maxSteps = -1
            })
        let met = outcome.skippedSteps
        #expect(met == 2)
        let named = outcome.alarms.filter { $0.key.hasSuffix("left out (record \(name(method)))") }
        #expect(named.values.reduce(0, +) == 2, "\(outcome.alarms)")
        let losses = try fixture.run("run").values("loss")
        #expect(losses.count == outcome.steps - met && losses.allSatisfy(\.isFinite))
        #expect(try fixture.run("run").values("grad_norm").count == losses.count)
    }

    /// The last step of a run is left out: the weights of the step before are its result.
    @Test func lastStepIsLeftOut() throws {
        let fixture = try fixture("dpo")
        for seed in UInt64(1)...20 {
            let name = "run-\(seed)"
            let outcome = try fixture.finish(
                fixture.trainer("dpo", name) { settings in
                    (settings.perDeviceTrainBatchSize, settings.maxSteps) = (2, 3)
                    settings.seed = seed
                })
            let url = fixture.run(name).url
            let rows = try MetricsLog.rows(of: url.appending(path: "metrics.jsonl"))
            guard rows.last?.values["loss"] == nil else { continue }
            #expect(
                outcome.alarms["the last step was left out: the result is that of step 2"] == 1)
            let file = "adapter_model.safetensors"
            let result = try Data(contentsOf: url.appending(path: "adapter/\(file)"))
            #expect(try Data(contentsOf: url.appending(path: "checkpoint-2/\(file)")) == result)
            let first = try Data(contentsOf: url.appending(path: "checkpoint-1/\(file)"))
            #expect(first != result)
            return
        }
        Issue.record("no order of the records has the bad one last")
    }

    /// A held-out record is named too, and training goes on.
    @Test(arguments: methods) func heldOutRecordIsNamed(method: String) throws {
        let fixture = try fixture(method)
        let purpose = MethodRecords.purpose(of: method)
        try fixture.write(MethodRecords.lines(purpose, withImages: true), to: "sound")
        let outcome = try fixture.finish(
            fixture.trainer(method, "run") { settings in
                settings.validationFile = settings.trainFile
                settings.trainFile = fixture.file("sound").path
                (settings.maxSteps, settings.evalSteps) = (2, 2)
            })
        #expect(outcome.skippedSteps == 0)
        #expect(
            outcome.alarms == [
                "the validation loss is not a finite number (record \(name(method)))": 1
            ])
    }
}
