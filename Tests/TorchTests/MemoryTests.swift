import Testing
import Torch
import TorchTestSupport

struct MemoryTests {
    init() { startEngine() }

    @Test func valuesGoInAndOut() {
        #expect(Tensor([UInt8]([0, 255])).values(UInt8.self) == [0, 255])
        #expect(Tensor([Int32]([.min, .max])).values(Int32.self) == [.min, .max])
        #expect(Tensor([Int64]([.min, .max])).values(Int64.self) == [.min, .max])
        #expect(Tensor([Float]([1.5, -0])).values(Float.self) == [1.5, 0])
        #expect(Tensor([1e300]).values(Double.self) == [1e300])
        #expect(Tensor([true, false]).values(Bool.self) == [true, false])
        #expect(Tensor([Float]()).values(Float.self) == [])
    }

    @Test func convertsOnTheWayOut() {
        #expect(Tensor([true, false]).values(Double.self) == [1, 0])
        #expect(vector(1.9, -1.9).values(Int64.self) == [1, -1])
        #expect(Tensor([Int64(1) << 40]).values(Double.self) == [1_099_511_627_776])
    }

    @Test func readsAnyLayoutAndAnyGraph() {
        let x = matrix([1, 2, 3], [4, 5, 6])
        x.requiresGrad = true
        #expect((x * 2).transpose(0, 1).values(Float.self) == [2, 8, 4, 10, 6, 12])
        let bytes = x.transpose(0, 1).withContiguousBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(bytes == [1, 4, 2, 5, 3, 6])
    }

    @Test func scalars() {
        let x = Tensor(scalar: Float(2.5))
        #expect(x.shape == [])
        #expect(x.item(Float.self) == 2.5)
        #expect(matrix([7]).item(Int64.self) == 7)
    }

    @Test func fillsItsMemory() {
        let x = Tensor(uninitialized: [2, 2], Int32.self) { buffer in
            for index in buffer.indices { buffer[index] = Int32(index * 10) }
        }
        #expect(x.values(Int32.self) == [0, 10, 20, 30])
        // bf16 through its bit patterns: 1 and -2.
        let y = Tensor.empty([2], .bfloat16)
        y.fillMemory(as: UInt16.self) { buffer in
            buffer[0] = 0x3F80
            buffer[1] = 0xC000
        }
        #expect(y.values(Float.self) == [1, -2])
        let z = Tensor(uninitialized: [1], dtype: .float16) {
            $0.storeBytes(of: 0x4200, as: UInt16.self)
        }
        #expect(z.values(Float.self) == [3])
    }

    @Test func pagesAreTensorsLikeOthers() {
        let x = Tensor.pages([2, 3], .bfloat16)
        x.slice(0, 1..<2).copy_(vector(4, 5, 6).view(1, 3))
        x.slice(0, 0..<1).copy_(vector(1, 2, 3).view(1, 3))
        #expect(x.isContiguous && x.device == .cpu)
        #expect((x + x).values(Float.self) == [2, 4, 6, 8, 10, 12])
        // Nothing to map: an ordinary one.
        #expect(Tensor.pages([0, 3], .float32).shape == [0, 3])
    }

    @Test func versionsCountChangesInPlace() {
        let x = vector(1, 2)
        let (before, _) = (x.version, x + 1)
        #expect(x.version == before)
        x.detached().mul_(2)
        #expect(x.version > before)
        // Inference keeps no count.
        #expect(withInference { vector(1) }.version == 0)
    }

    @Test func errorsPassThroughFilling() {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            _ = try Tensor(uninitialized: [2], Float.self) { _ in throw Stop() }
        }
        #expect(throws: Stop.self) {
            try Tensor.zeros([2]).fillMemory(as: Float.self) { _ throws(Stop) in throw Stop() }
        }
    }

    @Test func borrowedMemoryLivesAsLongAsItsTensors() {
        weak var owner: Owner?
        var view: Tensor?
        do {
            let kept = Owner([1, 2, 3, 4])
            owner = kept
            let whole = Tensor(
                borrowing: UnsafeRawBufferPointer(kept.memory),
                shape: [2, 2],
                dtype: .float32,
                owner: kept
            )
            view = whole.select(0, 1)
        }
        #expect(owner != nil)
        #expect(view?.values(Float.self) == [3, 4])
        view = nil
        #expect(owner == nil)
    }

    private final class Owner {
        let memory: UnsafeMutableBufferPointer<Float>

        init(_ values: [Float]) {
            memory = .allocate(capacity: values.count)
            _ = memory.initialize(from: values)
        }

        deinit { memory.deallocate() }
    }
}
