import Testing

@testable import Workbench

struct BroadcastTests {
    @Test func whoComesBeforeAnythingHappenedHearsWhatDoes() async {
        var broadcast = Broadcast<Int>()
        let stream = broadcast.subscribe()
        broadcast.send(7)
        broadcast.finish()
        var heard: [Int] = []
        for await element in stream { heard.append(element) }
        #expect(heard == [7])
    }

    @Test func everySubscriberHearsAllFromItsFirstElementOn() async {
        var broadcast = Broadcast<Int>()
        let first = broadcast.subscribe(first: 0)
        broadcast.send(1)
        let second = broadcast.subscribe(first: 10)
        broadcast.send(2)
        broadcast.finish()
        broadcast.send(3)
        #expect(await first.reduce(into: []) { $0.append($1) } == [0, 1, 2])
        #expect(await second.reduce(into: []) { $0.append($1) } == [10, 2])
    }

    @Test func aSlowSubscriberLosesTheOldestElements() async {
        var broadcast = Broadcast<Int>()
        let stream = broadcast.subscribe(first: 0)
        let count = Broadcast<Int>.capacity + 10
        for number in 1...count { broadcast.send(number) }
        broadcast.finish()
        let heard = await stream.reduce(into: []) { $0.append($1) }
        #expect(heard == Array((count - Broadcast<Int>.capacity + 1)...count))
    }
}
