extension ExampleTokenizer {
    /// The rows of a file that is to be scored, one example a row, in its order.
    ///
    /// - Throws: `DatasetError.unusable` with every row that cannot be tokenized.
    public func examples(
        of file: RecordFile<PromptCompletionRecord>
    ) throws(DatasetError) -> [TokenizedExample] {
        var (examples, problems) = ([TokenizedExample](), [RecordProblem]())
        for record in file.records {
            do throws(RecordFault) {
                examples.append(try example(record))
            } catch {
                problems.append(
                    RecordProblem(file: file.file, line: record.line, id: record.id, fault: error))
            }
        }
        guard problems.isEmpty else { throw .unusable(problems) }
        return examples
    }
}
