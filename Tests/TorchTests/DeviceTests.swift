import Testing
import Torch

struct DeviceTests {
    @Test func cpuIsAlwaysThere() throws {
        #expect(try Device(named: "cpu") == .cpu)
        #expect(Device.cpu.description == "cpu")
        #expect(Device.cuda(2).description == "cuda:2")
        #expect(Device.mps.description == "mps")
    }

    @Test(arguments: [
        "", "gpu", "CPU", "cpu:0", ":cpu", "cuda:", "cuda:x", "cuda:-1", "cuda:+1", "cuda:1:2",
        "cuda:٣", "cuda: 1", "cuda:99999999999999999999", "mps:0",
    ])
    func unknownNames(name: String) {
        let error = #expect(throws: DeviceError.self) { _ = try Device(named: name) }
        #expect(error == .unknown(name))
        #expect(error?.description == "unknown device '\(name)': say cpu, cuda, cuda:N or mps")
    }

    @Test func absentDevices() {
        // No machine has a thousand.
        let error = #expect(throws: DeviceError.self) { _ = try Device(named: "cuda:999") }
        guard case .missing(.cuda(999), let count)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(count < 999)
        #expect(
            DeviceError.missing(.cuda(3), count: 1).description
                == "device cuda:3: this libtorch sees 1 CUDA device"
        )
        #expect(
            DeviceError.missing(.cuda(0), count: 0).description
                == "device cuda:0: this libtorch sees 0 CUDA devices"
        )
        #expect(
            DeviceError.missing(.mps, count: 0).description
                == "device mps: Metal is not available to this libtorch"
        )
    }
}
