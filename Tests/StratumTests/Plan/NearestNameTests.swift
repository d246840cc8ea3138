import Stratum
import Testing

struct NearestNameTests {
    @Test(
        arguments: [
            ("wieght", "weight"), ("Weight", "weight"), ("normalisation", "normalization"), ("indicator", "indicators"),
            ("revenue12m", "revenue_12m"), ("消费金额", "消费额"), ("colum", "column"), ("zzz", nil), ("x", nil), ("", nil),
        ] as [(String, String?)])
    func misspellingsAreRecognized(name: String, meant: String?) {
        let names = ["name", "column", "weight", "normalization", "indicators", "revenue_12m", "消费额", "id"]
        #expect(nearestName(to: name, among: names) == meant)
    }

    @Test func theFirstOfEquallyNearNamesIsMeant() {
        #expect(nearestName(to: "bat", among: ["cat", "hat"]) == "cat")
    }
}
