import Foundation
import Testing

@testable import Web
@testable import Workbench

struct PasswordHashTests {
    @Test func comparesWithTheHash() throws {
        let hash = try PasswordHash(of: "correct horse", logRounds: 4)
        #expect(try hash.matches("correct horse"))
        #expect(try !hash.matches("correct hors"))
        #expect(try !hash.matches("correct horse "))
    }

    @Test func twoHashesOfOnePasswordDiffer() throws {
        let first = try PasswordHash(of: "same", logRounds: 4)
        let second = try PasswordHash(of: "same", logRounds: 4)
        #expect(first.text != second.text)
    }

    @Test func readsItsOwnText() throws {
        let hash = try PasswordHash(of: "secret", logRounds: 4)
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(PasswordHash(text: hash.text) == hash)
    }

    /// Made by Python: hashlib.scrypt(b"pleaseletmein", salt=b"SodiumChloride", n=16384, r=8, p=1,
    /// dklen=32), which is the start of RFC 7914's third vector.
    @Test func agreesWithRFC7914() throws {
        let key = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { place -> UInt8? in
            let start = key.index(key.startIndex, offsetBy: place)
            return UInt8(key[start..<key.index(start, offsetBy: 2)], radix: 16)
        }
        let salt = Base64Text.text(Data("SodiumChloride".utf8))
        let text = "$scrypt$ln=14,r=8,p=1$\(salt)$\(Base64Text.text(Data(bytes)))"
        let hash = try #require(PasswordHash(text: text))
        #expect(try hash.matches("pleaseletmein"))
    }

    @Test(arguments: [
        "", "x", "$scrypt$ln=14,r=8,p=1$$", "$scrypt$ln=99,r=8,p=1$AAAA$AAAA",
        "$scrypt$ln=4,r=9,p=1$AAAA$AAAA", "$argon2id$v=19$m=1$AAAA$AAAA",
    ])
    func refusesOtherTexts(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test func refusesTheEmptyPassword() {
        #expect(throws: PasswordFault.empty) { try PasswordHash(of: "", logRounds: 4) }
    }

    /// RFC 7914, section 2: scrypt works in 128 r N bytes; here N = 2^16, r = 8, which are 64 MiB.
    @Test func aTryTakes64MiB() async throws {
        #expect(PasswordHash.memory(logRounds: PasswordHash.defaultLogRounds) == 64 << 20)
        let text = try PasswordHash(of: "secret").text
        #expect(text.hasPrefix("$scrypt$ln=16,r=8,p=1$"))
        // What the program uses and what is hashed for an account are the same.
        let binding = try BindingPolicy(BindingPolicy.Options(), hasAccounts: true)
        let settings = WorkbenchSettings(binding: binding)
        let hasher = try PasswordHasher(logRounds: settings.passwordLogRounds)
        #expect(try await hasher.hash("secret").hasPrefix("$scrypt$ln=16,r=8,p=1$"))
    }

    @Test func anUnknownNameTakesAComparisonToo() async throws {
        let hasher = try PasswordHasher(logRounds: 4)
        #expect(try await !hasher.matches("secret", hash: nil))
        #expect(try await hasher.matches("secret", hash: hasher.hash("secret")))
    }

    @Test func comparesSecretsByte() {
        #expect(SecretBytes.areEqual("abc".utf8, "abc".utf8))
        #expect(!SecretBytes.areEqual("abc".utf8, "abd".utf8))
        #expect(!SecretBytes.areEqual("abc".utf8, "abcd".utf8))
        #expect(SecretBytes.token().count == 43)
    }
}
