import Foundation
import Reports
import Segmentation
import Testing

struct SegmentReportTests {
    /// Profiles as a file holds them, since only a fit makes new ones.
    private let report = {
        func feature(_ name: String, _ mean: String, _ z: Double) -> String {
            #"{"name":"\#(name)","mean":\#(mean),"standardizedMean":\#(z)}"#
        }
        func profile(_ number: Int, _ name: String, _ size: Int, _ value: Double, _ z: Double, _ marks: String)
            -> String
        {
            #"{"number":\#(number),"name":"\#(name)","size":\#(size),"share":\#(Double(size) / 1000),"#
                + #""totalValue":\#(value),"meanValue":\#(value / Double(size)),"shareOfValue":\#(value / 50000),"#
                + #""features":[\#(feature("revenue_12m", "1234.5", z)),\#(feature("nps", "null", 0)),"#
                + #"\#(feature("推荐人数", "0.25", -z / 2))],"marks":\#(marks)}"#
        }
        let json =
            "[\(profile(1, "high revenue_12m, low 推荐人数", 200, 40000, 2.04, "[0,2,1]")),"
            + "\(profile(2, "average", 800, 10000, -0.51, "[0,2,1]"))]"
        let profiles = try? JSONDecoder().decode([SegmentProfile].self, from: Data(json.utf8))
        return SegmentReport(profiles: profiles ?? [], valueTitle: "revenue_12m")
    }()

    @Test func csvHasMeansAndDistances() {
        #expect(
            String(decoding: report.csv, as: UTF8.self) == """
                segment,name,customers,share_of_customers,value,share_of_value,mean_value,marked_by,mean_revenue_12m,mean_nps,mean_推荐人数,z_revenue_12m,z_nps,z_推荐人数
                1,"high revenue_12m, low 推荐人数",200,0.2,40000,0.8,200,revenue_12m; 推荐人数; nps,1234.5,,0.25,2.04,0,-1.02
                2,average,800,0.8,10000,0.2,12.5,revenue_12m; 推荐人数; nps,1234.5,,0.25,-0.51,0,0.255
                """ + "\n")
    }

    @Test func table() {
        #expect(
            report.text(TerminalStyle(width: 120)) == """
                   segment                         customers   share  of value  marked by (sd from the mean)
                1  high revenue_12m, low 推荐人数        200  20.0 %    80.0 %  revenue_12m +2.0, 推荐人数 −1.0, nps +0.0
                2  average                               800  80.0 %    20.0 %  revenue_12m −0.5, 推荐人数 +0.3, nps +0.0
                """ + "\n")
    }

    @Test func narrowTable() {
        #expect(
            report.text(TerminalStyle(width: 60)) == """
                   segment               customers   share  of value
                1  high revenue_12m, l…        200  20.0 %    80.0 %
                2  average                     800  80.0 %    20.0 %
                """ + "\n")
    }

    @Test func sumsAreLeftOutWithoutAValue() {
        var report = report
        report.valueTitle = nil
        let lines = String(decoding: report.csv, as: UTF8.self).split(separator: "\n")
        #expect(lines[2].hasPrefix("2,average,800,0.8,,,,"))
        #expect(!report.text(TerminalStyle(width: 120)).contains("of value"))
    }
}
