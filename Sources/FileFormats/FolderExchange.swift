import Foundation

/// Puts a folder under a name that another one may have.
enum FolderExchange {
    /// Afterwards `source` is gone or names the folder that was replaced.
    static func move(_ source: URL, to destination: URL) throws(FormatError) {
        // Renaming works where the destination is missing or an empty folder.
        if rename(source.path, destination.path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else {
            throw .system("cannot rename into place", file: destination.path)
        }
        if swapNames(source.path, destination.path) { return }
        try moveAside(source, destination)
    }

    /// Exchanges two names in one step, where the system can.
    private static func swapNames(_ first: String, _ second: String) -> Bool {
        #if os(Linux)
            // The Glibc module does not show renameat2, which older systems lack.
            typealias RenameAt2 =
                @convention(c) (
                    Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
                ) -> Int32
            let renameExchange: UInt32 = 2
            guard let symbol = dlsym(nil, "renameat2") else { return false }
            let renameat2 = unsafeBitCast(symbol, to: RenameAt2.self)
            return renameat2(AT_FDCWD, first, AT_FDCWD, second, renameExchange) == 0
        #else
            return renamex_np(first, second, UInt32(RENAME_SWAP)) == 0
        #endif
    }

    private static func moveAside(_ source: URL, _ destination: URL) throws(FormatError) {
        let aside = TemporaryName.beside(destination)
        guard rename(destination.path, aside.path) == 0 else {
            throw .system("cannot move the old folder aside", file: destination.path)
        }
        guard rename(source.path, destination.path) == 0 else {
            let failure = FormatError.system("cannot rename into place", file: destination.path)
            rename(aside.path, destination.path)
            throw failure
        }
        rename(aside.path, source.path)
    }
}
