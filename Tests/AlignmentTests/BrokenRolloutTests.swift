import Foundation
import Generation
import Testing
import VisionTestSupport

@testable import Alignment

/// A policy that gives no numbers ends a run at the first rollout, by the prompt's id.
struct BrokenRolloutTests {
    @Test(arguments: ["grpo", "rloo", "ppo"]) func namesThePrompt(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let model = try TinyVLM.model(
            in: fixture.folder.appending(path: "model"), withNaNAt: 0, of: "lm_head.weight")
        let trainer = try fixture.trainer(method, "run", on: model)
        let error = #expect(throws: GenerationError.self) { try fixture.finish(trainer) }
        guard case .notFinite(index: 0, id: let id?)? = error else {
            Issue.record("\(error.map { "\($0)" } ?? "")")
            return
        }
        #expect(id.hasPrefix("q"))
    }
}
