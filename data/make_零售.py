"""Writes 零售.csv beside this file: 200 invented customers for the plan plans/零售.yaml, the same bytes every time."""
import csv, math, pathlib, random

r = random.Random(20261122)
header = ["客户编号", "近一年消费额", "订单数", "客单价", "毛利额", "距上次购买天数", "近九十天访问次数", "使用渠道数", "退货率", "消费增长率", "入会月数", "推荐意愿", "推荐人数"]
with open(pathlib.Path(__file__).with_name("零售.csv"), "w", encoding="utf-8", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(header)
    for number in range(200):
        scale = r.choices([40, 12, 5, 1.5, 0.6, 0.1], [1, 4, 15, 30, 30, 20])[0]
        orders = 1 + int(r.expovariate(1 / (1 + 3 * math.log1p(scale))))
        spend = round(r.lognormvariate(6, 1) * scale, 2)
        out.writerow([
            f"客户{number + 1:05}", f"{spend:.2f}", orders, f"{spend / orders:.2f}", f"{spend * r.betavariate(4, 8):.2f}",
            int(r.gammavariate(1.2, 90 / (0.3 + math.log1p(scale)))), int(r.expovariate(1 / (2 + 6 * math.log1p(scale)))),
            r.randint(1, 5), f"{r.betavariate(1, 12):.4f}", f"{r.gauss(0.02, 0.3):.4f}", r.randint(0, 119),
            "无" if r.random() < 0.05 else r.randint(0, 10), int(r.expovariate(1 / (0.05 + 0.4 * math.log1p(scale)))),
        ])
