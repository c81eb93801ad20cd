import Foundation
import TestSupport

/// A small shell script in place of `preceptor`, in a folder of its own.
struct FakeProgram {
    let folder: URL

    var path: String { folder.appending(path: "program").path }

    init(_ script: String) throws {
        folder = try TestFiles.scratchFolder()
        let url = folder.appending(path: "program")
        try "#!/bin/sh\n\(script)\n".write(to: url, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: url.path)
    }

    /// What the script wrote to a file beside itself; `$HERE` in the script.
    func text(_ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// Its first lines: `$HERE` is its folder.
    static let here = "HERE=$(dirname \"$0\")"
}

extension FakeProgram {
    /// An engine. A prompt of one word tells it what to do: `crash`, `hang`, `garbage`, `refuse`;
    /// anything else is answered. `$HERE/starts` has a line for each start.
    static func engine(readsImages: Bool = false) throws -> FakeProgram {
        try FakeProgram(
            """
            \(here)
            echo $$ >> "$HERE/starts"
            echo '{"event":"ready","model":"fake","images":\(readsImages)}'
            while read -r line; do
                id=${line##*\\"id\\":}
                id=${id%%[,\\}]*}
                echo "$line" >> "$HERE/lines"
                case $line in
                *'"op":"cancel"'*) echo "{\\"id\\":$id,\\"event\\":\\"cancelled\\"}" ;;
                *'"content":"crash"'*) echo 'bad luck' >&2; exit 3 ;;
                *'"content":"hang"'*) ;;
                *'"content":"garbage"'*) echo 'Segmentation fault?' ;;
                *'"content":"refuse"'*)
                    echo "{\\"id\\":$id,\\"event\\":\\"error\\",\\"message\\":\\"no such adapter\\"}" ;;
                *)
                    echo "{\\"id\\":$id,\\"event\\":\\"token\\",\\"index\\":0,\\"text\\":\\"A\\"}"
                    echo "{\\"id\\":999,\\"event\\":\\"token\\",\\"index\\":0,\\"text\\":\\"late\\"}"
                    echo "{\\"id\\":$id,\\"event\\":\\"token\\",\\"index\\":0,\\"text\\":\\"B\\"}"
                    echo "{\\"id\\":$id,\\"event\\":\\"completion\\",\\"index\\":0,\\"text\\":\\"AB\\",\\"finish\\":\\"stop\\",\\"tokens\\":2,\\"logProbability\\":-1.5}"
                    echo "{\\"id\\":$id,\\"event\\":\\"done\\"}" ;;
                esac
            done
            """)
    }

    /// How many processes were started, and their numbers.
    var starts: [Int32] {
        (text("starts") ?? "").split(separator: "\n").compactMap { Int32($0) }
    }
}

/// Waits until something is so; false when it is not after ten seconds.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while .now < deadline {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
