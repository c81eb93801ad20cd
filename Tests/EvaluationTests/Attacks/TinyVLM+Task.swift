import Foundation
import VisionTestSupport

@testable import Evaluation

extension TinyVLM {
    /// Questions with an image each, colours by chance.
    static func task(in folder: URL, count: Int = 3) throws -> VisionTask {
        let made = try MadeImages(folder.appending(path: "files"))
        let plain = visionTask(count)
        return VisionTask(
            kind: plain.kind,
            questions: try plain.questions.enumerated().map { number, question in
                VisionQuestion(
                    id: question.id, text: question.text, asked: question.asked,
                    images: [try made.write(picture(number), as: "\(number)")],
                    facets: question.facets)
            }, dataHash: "0")
    }
}
