import Datasets
import Foundation

extension TextTraining {
    /// Reads a training file of any of the forms that image questions are trained on; images are
    /// not looked for.
    ///
    /// - Throws: ``TaskError`` with every record that cannot be used.
    public init(reading url: URL) throws(TaskError) {
        do throws(DatasetError) {
            let file = try RecordFile<TextQuestionRecord>(reading: url, policy: .stop)
            self.init(questions: file.records.map(\.question), sha256: file.sha256)
        } catch {
            throw .data(error)
        }
    }
}
