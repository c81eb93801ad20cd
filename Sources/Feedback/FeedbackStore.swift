import Records

/// All repositories over one database.
package struct FeedbackStore: Sendable {
    package let database: FeedbackDatabase
    /// Nil where cases have no images.
    package let images: ImageFolder?

    package init(_ database: FeedbackDatabase, images: ImageFolder? = nil) {
        self.database = database
        self.images = images
    }

    /// Where images lie, for a model to read.
    ///
    /// - Throws: `FeedbackError.notFound` for one whose file is gone.
    package func references(_ images: [CaseImage]) throws(FeedbackError) -> [ImageReference] {
        guard let image = images.first else { return [] }
        guard let folder = self.images else { throw .missing(image) }
        return try folder.references(images)
    }

    package var cases: CaseStore { CaseStore(database, images: images) }
    package var samplings: SamplingStore { SamplingStore(database) }
    package var rankings: RankingStore { RankingStore(database) }
    package var records: FeedbackRecordStore { FeedbackRecordStore(database) }
    package var duels: DuelStore { DuelStore(database) }
    package var drafts: DraftStore { DraftStore(database) }
    package var assignments: AssignmentStore { AssignmentStore(database) }
    package var accounts: AccountStore { AccountStore(database) }
    package var versions: VersionStore { VersionStore(database) }
    package var jobs: JobStore { JobStore(database) }
    package var datasets: DatasetStore { DatasetStore(database) }
    package var audit: AuditLog { AuditLog(database) }
    package var exports: Exports { Exports(database) }
    package var state: StateFile { StateFile(database) }
}
