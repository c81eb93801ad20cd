import Foundation
import Testing
import Tracking

struct ProcessMemoryTests {
    @Test func touchedMemoryCounts() {
        let before = residentMemoryBytes()
        #expect(before > 1 << 20)
        let size = 256 << 20
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        block.initializeMemory(as: UInt8.self, repeating: 1)
        // Other tests run at the same time and may free some; half is enough to be sure.
        #expect(residentMemoryBytes() > before + size / 2)
        block.deallocate()
        #expect(peakMemoryBytes() > before + size / 2)
        #expect(peakMemoryBytes() >= residentMemoryBytes())
    }
}
