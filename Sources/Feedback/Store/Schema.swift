import GRDB

/// The tables. A step that was once released is never changed; later ones are added behind it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            let parts = [accounts, cases, versions, samplings, judgements, arena, audit]
            for part in parts { try db.execute(sql: part) }
        }
        migrator.registerMigration("2") { db in try db.execute(sql: images) }
        migrator.registerMigration("3") { db in try db.execute(sql: seenImages) }
        return migrator
    }

    private static let accounts = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            role TEXT NOT NULL,
            disabled INTEGER NOT NULL DEFAULT 0,
            passwordHash TEXT,
            createdAt TEXT NOT NULL
        ) STRICT;
        CREATE TABLE setupToken (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            tokenHash TEXT NOT NULL,
            createdAt TEXT NOT NULL
        ) STRICT;
        CREATE TABLE loginSession (
            tokenHash TEXT PRIMARY KEY NOT NULL,
            accountID INTEGER NOT NULL REFERENCES account (id),
            csrf TEXT NOT NULL,
            createdAt TEXT NOT NULL,
            lastSeenAt TEXT NOT NULL
        ) STRICT;
        CREATE TABLE draft (
            accountID INTEGER NOT NULL REFERENCES account (id),
            key TEXT NOT NULL,
            body TEXT NOT NULL,
            updatedAt TEXT NOT NULL,
            PRIMARY KEY (accountID, key)
        ) STRICT;
        """

    private static let cases = """
        CREATE TABLE clinicalCase (
            id TEXT PRIMARY KEY NOT NULL,
            question TEXT NOT NULL,
            options TEXT NOT NULL,
            answer TEXT NOT NULL,
            diagnosis TEXT,
            synonyms TEXT NOT NULL,
            source TEXT NOT NULL,
            heldOut INTEGER NOT NULL,
            createdBy INTEGER REFERENCES account (id),
            createdAt TEXT NOT NULL
        ) STRICT;
        CREATE INDEX caseByQuestion ON clinicalCase (question);
        """

    /// A list of `CaseImage`.
    private static let images = """
        ALTER TABLE clinicalCase ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
        """

    /// Those that went to the model; earlier answers were given without.
    private static let seenImages = """
        ALTER TABLE sampling ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
        """

    private static let versions = """
        CREATE TABLE judgementDataset (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            version INTEGER NOT NULL,
            hash TEXT NOT NULL,
            count INTEGER NOT NULL,
            judgementIDs TEXT NOT NULL,
            path TEXT NOT NULL,
            createdAt TEXT NOT NULL,
            UNIQUE (kind, version),
            UNIQUE (kind, hash)
        ) STRICT;
        CREATE TABLE modelVersion (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            parentID INTEGER REFERENCES modelVersion (id),
            model TEXT NOT NULL,
            adapter TEXT,
            method TEXT NOT NULL,
            recipe TEXT NOT NULL,
            datasetID INTEGER REFERENCES judgementDataset (id),
            metrics TEXT NOT NULL,
            state TEXT NOT NULL,
            createdAt TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX oneCurrentVersion ON modelVersion (state) WHERE state = 'current';
        CREATE TABLE promotion (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            versionID INTEGER NOT NULL REFERENCES modelVersion (id),
            fromID INTEGER REFERENCES modelVersion (id),
            accountID INTEGER REFERENCES account (id),
            reason TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE trainingJob (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            method TEXT NOT NULL,
            state TEXT NOT NULL,
            folder TEXT NOT NULL DEFAULT '',
            step INTEGER NOT NULL DEFAULT 0,
            steps INTEGER NOT NULL DEFAULT 0,
            error TEXT,
            versionID INTEGER REFERENCES modelVersion (id),
            datasetID INTEGER REFERENCES judgementDataset (id),
            startedBy INTEGER REFERENCES account (id),
            startedAt TEXT NOT NULL,
            endedAt TEXT
        ) STRICT;
        CREATE UNIQUE INDEX oneActiveJob ON trainingJob ((1))
            WHERE state IN ('preparing', 'training', 'evaluating');
        """

    private static let samplings = """
        CREATE TABLE sampling (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            caseID TEXT REFERENCES clinicalCase (id),
            prompt TEXT NOT NULL,
            versionID INTEGER NOT NULL REFERENCES modelVersion (id),
            wanted INTEGER NOT NULL,
            schedule TEXT NOT NULL,
            verify INTEGER NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            accepted INTEGER NOT NULL DEFAULT 0,
            error TEXT,
            createdBy INTEGER REFERENCES account (id),
            createdAt TEXT NOT NULL
        ) STRICT;
        CREATE INDEX samplingByCase ON sampling (caseID);
        CREATE TABLE trace (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            samplingID INTEGER NOT NULL REFERENCES sampling (id) ON DELETE CASCADE,
            versionID INTEGER NOT NULL REFERENCES modelVersion (id),
            attempt INTEGER NOT NULL,
            text TEXT NOT NULL,
            finish TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            logProbability REAL NOT NULL,
            seed INTEGER NOT NULL,
            temperature REAL NOT NULL,
            verdict TEXT NOT NULL,
            reason TEXT NOT NULL,
            kept INTEGER NOT NULL,
            createdAt TEXT NOT NULL,
            UNIQUE (samplingID, attempt)
        ) STRICT;
        CREATE TABLE assignment (
            samplingID INTEGER NOT NULL REFERENCES sampling (id) ON DELETE CASCADE,
            accountID INTEGER NOT NULL REFERENCES account (id),
            PRIMARY KEY (samplingID, accountID)
        ) STRICT;
        """

    private static let judgements = """
        CREATE TABLE shownOrder (
            samplingID INTEGER NOT NULL REFERENCES sampling (id) ON DELETE CASCADE,
            accountID INTEGER NOT NULL REFERENCES account (id),
            traceIDs TEXT NOT NULL,
            createdAt TEXT NOT NULL,
            PRIMARY KEY (samplingID, accountID)
        ) STRICT;
        CREATE TABLE rankingRevision (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            samplingID INTEGER NOT NULL REFERENCES sampling (id),
            accountID INTEGER NOT NULL REFERENCES account (id),
            revision INTEGER NOT NULL CHECK (revision > 0),
            shownOrder TEXT NOT NULL,
            ranks TEXT NOT NULL,
            unacceptable INTEGER NOT NULL,
            axes TEXT NOT NULL,
            reason TEXT NOT NULL,
            spans TEXT NOT NULL,
            seconds REAL NOT NULL,
            createdAt TEXT NOT NULL,
            UNIQUE (samplingID, accountID, revision)
        ) STRICT;
        CREATE VIEW ranking AS SELECT * FROM rankingRevision AS stored WHERE revision = (
            SELECT max(revision) FROM rankingRevision
            WHERE samplingID = stored.samplingID AND accountID = stored.accountID);
        CREATE TRIGGER rankingStays BEFORE DELETE ON rankingRevision
            BEGIN SELECT RAISE(ABORT, 'revisions of rankings are kept'); END;
        CREATE TRIGGER rankingFixed BEFORE UPDATE ON rankingRevision
            BEGIN SELECT RAISE(ABORT, 'revisions of rankings are kept'); END;
        CREATE TABLE feedbackRecord (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            timestamp TEXT NOT NULL,
            iteration INTEGER NOT NULL,
            prompt TEXT NOT NULL,
            generatedResponse TEXT NOT NULL,
            preferredResponse TEXT NOT NULL,
            feedbackType TEXT NOT NULL,
            accountID INTEGER REFERENCES account (id),
            versionID INTEGER NOT NULL REFERENCES modelVersion (id),
            traceID INTEGER REFERENCES trace (id),
            UNIQUE (traceID, accountID)
        ) STRICT;
        """

    private static let arena = """
        CREATE TABLE duel (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            caseID TEXT NOT NULL REFERENCES clinicalCase (id),
            leftSampling INTEGER NOT NULL REFERENCES sampling (id) ON DELETE CASCADE,
            rightSampling INTEGER NOT NULL REFERENCES sampling (id) ON DELETE CASCADE,
            leftTrace INTEGER REFERENCES trace (id),
            rightTrace INTEGER REFERENCES trace (id),
            leftVersion INTEGER NOT NULL REFERENCES modelVersion (id),
            rightVersion INTEGER NOT NULL REFERENCES modelVersion (id)
                CHECK (rightVersion <> leftVersion),
            accountID INTEGER REFERENCES account (id),
            outcome TEXT,
            createdAt TEXT NOT NULL,
            judgedAt TEXT
        ) STRICT;
        """

    /// Entries are appended in order and never change; the head tells where the log ends.
    private static let audit = """
        CREATE TABLE auditEntry (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            account INTEGER,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL,
            previousHash TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE TABLE auditHead (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            count INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        INSERT INTO auditHead VALUES (1, 0, '\(AuditChain.start)');
        CREATE TRIGGER auditOrder BEFORE INSERT ON auditEntry
            WHEN NEW.id <> (SELECT count + 1 FROM auditHead)
            BEGIN SELECT RAISE(ABORT, 'the audit log is appended to in order'); END;
        CREATE TRIGGER auditFixed BEFORE UPDATE ON auditEntry
            BEGIN SELECT RAISE(ABORT, 'the audit log does not change'); END;
        CREATE TRIGGER auditStays BEFORE DELETE ON auditEntry
            BEGIN SELECT RAISE(ABORT, 'the audit log does not shrink'); END;
        CREATE TRIGGER auditHeadStays BEFORE DELETE ON auditHead
            BEGIN SELECT RAISE(ABORT, 'the audit log does not shrink'); END;
        CREATE TRIGGER auditHeadGrows BEFORE UPDATE ON auditHead
            WHEN NEW.count <> OLD.count + 1
            BEGIN SELECT RAISE(ABORT, 'the audit log does not shrink'); END;
        """
}
