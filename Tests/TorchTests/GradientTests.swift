import Testing
import Torch
import TorchTestSupport

struct GradientTests {
    private let x: Tensor

    init() {
        startEngine()
        x = vector(1, -2, 3)
        x.requiresGrad = true
    }

    @Test func ofAScalar() {
        // d (sum x^2) / dx = 2 x
        x.square().sum().backward()
        #expect(x.grad?.values(Float.self) == [2, -4, 6])
    }

    @Test func ofAVector() {
        // (2 x) * gradient
        x.square().backward(gradient: vector(1, 10, 100))
        #expect(x.grad?.values(Float.self) == [2, -40, 600])
    }

    @Test func accumulates() {
        for _ in 0..<2 { x.square().sum().backward() }
        #expect(x.grad?.values(Float.self) == [4, -8, 12])
        x.grad = nil
        #expect(x.grad == nil)
        x.grad = vector(7, 8, 9)
        (x * 2).sum().backward()
        #expect(x.grad?.values(Float.self) == [9, 10, 11])
    }

    @Test func withoutTouchingLeaves() {
        let (y, unused) = (vector(5, 5, 5), vector(1))
        y.requiresGrad = true
        unused.requiresGrad = true
        let gradients = (x * y).sum().gradients(for: [x, unused, y])
        #expect(gradients.count == 3)
        #expect(gradients[0]?.values(Float.self) == [5, 5, 5])
        #expect(gradients[1] == nil)
        #expect(gradients[2]?.values(Float.self) == [1, -2, 3])
        #expect(x.grad == nil)
    }

    @Test func stopAtDetached() {
        // x * stop_gradient(x): only the first factor counts.
        (x * x.detached()).sum().backward()
        #expect(x.grad?.values(Float.self) == [1, -2, 3])
        #expect(!x.detached().requiresGrad)
    }

    @Test func recordingCanBeSwitched() {
        #expect(gradientsAreRecorded)
        withoutGradients {
            #expect(!gradientsAreRecorded)
            #expect(!(x * 2).requiresGrad)
            withGradients { #expect((x * 2).requiresGrad) }
            #expect(!(x * 2).requiresGrad)
        }
        #expect((x * 2).requiresGrad)
    }

    @Test func recordingComesBackAfterAnError() {
        struct Stop: Error {}
        #expect(throws: Stop.self) { try withoutGradients { throw Stop() } }
        #expect(throws: Stop.self) { try withInference { throw Stop() } }
        #expect((x * 2).requiresGrad)
    }

    @Test func inferenceMakesNoGraph() {
        let y = withInference { x * 2 }
        #expect(!y.requiresGrad)
        #expect(y.values(Float.self) == [2, -4, 6])
        // What inference made is a constant to later graphs.
        (x + y).sum().backward()
        #expect(x.grad?.values(Float.self) == [1, 1, 1])
    }
}
