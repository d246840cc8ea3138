"""Writes accounts.csv and 客户档案.csv beside this file: 400 invented business customers, the same ones in English and
in Chinese, for the plans plans/accounts.yaml and plans/客户档案.yaml; the same bytes every time."""
import csv, math, pathlib, random

COLUMNS = [
    ("customer_id", "客户编号"), ("region", "地区"), ("contract_grade", "合同等级"), ("revenue_12m", "近一年收入"),
    ("gross_margin", "毛利"), ("cost_to_serve", "服务成本"), ("overdue_amount", "逾期金额"), ("orders_12m", "近一年订单数"),
    ("lifetime_orders", "累计订单数"), ("days_since_last_purchase", "距上次购买天数"),
    ("days_since_first_purchase", "距首次购买天数"), ("previous_gap_days", "上次购买间隔天数"),
    ("spend_q1", "最近一季消费"), ("spend_q2", "前二季消费"), ("spend_q3", "前三季消费"), ("spend_q4", "前四季消费"),
    ("growth_rate", "增长率"), ("share_of_wallet", "钱包份额"), ("satisfaction", "满意度"), ("brand_image", "品牌印象"),
    ("nps", "推荐意愿"), ("newsletter", "订阅资讯"), ("quality", "质量评分"), ("service", "服务评分"), ("price", "价格感受"),
    ("effort", "精力成本"), ("referrals", "推荐人数"),
]
WORDS = {
    "region": {"north": "华北", "east": "华东", "south": "华南", "west": "西部"},
    "contract_grade": {"platinum": "白金", "gold": "金", "silver": "银", "bronze": "铜"},
    "newsletter": {"yes": "是", "no": "否"},
}


def spend(start, first, last, gap, scale, r):
    """What a customer spent in the 90 days from `start` days ago back: nothing before the first, in the gap before the
    last, or after the last purchase."""
    if start <= last < start + 90 or start == 270 and last >= 360:
        return round(r.lognormvariate(6, 0.7) * scale, 2)
    if gap is None or start + 90 <= last + gap or start > first or last >= start or r.random() > 0.6:
        return 0.0
    return round(r.lognormvariate(6, 0.7) * scale, 2)


def account(number, r):
    grade = r.choices(["platinum", "gold", "silver", "bronze"], [2, 8, 30, 60])[0]
    scale = {"platinum": 60, "gold": 15, "silver": 4, "bronze": 1}[grade] * r.lognormvariate(0, 0.6)
    row = {"customer_id": f"A{number + 1:05}", "contract_grade": grade}
    row["region"] = r.choices(["north", "east", "south", "west", ""], [30, 40, 20, 9, 1])[0]
    registered = r.random() < 0.05
    rate = 0.4 + math.log1p(scale)
    if registered:
        orders, lifetime, last, first, gap = 0, 0, None, None, None
        quarters = [0.0] * 4
    else:
        first = r.randint(5, 2500)
        last = min(first, int(r.expovariate(rate / 110)))
        lifetime = 1 if first == last else 2 + int(r.expovariate(1 / (1 + rate * first / 200)))
        orders = 0 if last > 365 else max(1, min(lifetime, int(r.expovariate(1 / (1 + 2 * rate)))))
        gap = None if lifetime == 1 else min(first - last, int(r.expovariate(rate / 90)))
        quarters = [spend(90 * quarter, first, last, gap, scale, r) if orders else 0.0 for quarter in range(4)]
        orders = max(orders, sum(amount > 0 for amount in quarters))
        lifetime = max(lifetime, orders)
    revenue = sum(quarters)
    margin = revenue * r.betavariate(5, 9)
    row |= {
        "revenue_12m": f"{revenue:.2f}", "gross_margin": f"{margin:.2f}",
        "cost_to_serve": f"{40 + revenue * r.betavariate(2, 9):.2f}",
        "overdue_amount": f"{revenue * r.betavariate(1, 6) if revenue and r.random() < 0.06 else 0:.2f}",
        "orders_12m": orders, "lifetime_orders": lifetime, "days_since_last_purchase": "" if last is None else last,
        "days_since_first_purchase": "" if first is None else first, "previous_gap_days": "" if gap is None else gap,
        "growth_rate": "" if registered else f"{r.gauss(0.03, 0.25):.3f}",
        "share_of_wallet": f"{r.betavariate(2, 4):.3f}",
    }
    row |= {f"spend_q{quarter + 1}": f"{amount:.2f}" for quarter, amount in enumerate(quarters)}
    row |= {
        "satisfaction": "" if r.random() < 0.1 else r.choices(range(1, 8), [1, 2, 4, 8, 14, 10, 5])[0],
        "brand_image": "" if r.random() < 0.1 else r.choices(range(-3, 4), [1, 2, 4, 8, 9, 6, 3])[0],
        "nps": "" if r.random() < 0.15 else r.choices(range(11), [2, 1, 1, 2, 2, 5, 6, 12, 14, 9, 8])[0],
        "newsletter": r.choices(["yes", "no", ""], [50, 45, 5])[0],
        "quality": r.randint(3, 7), "service": r.randint(2, 7), "price": r.randint(1, 7), "effort": r.randint(1, 6),
        "referrals": int(r.expovariate(1 / (0.1 + 0.3 * math.log1p(scale)))),
    }
    return row


random_numbers = random.Random(20261122)
accounts = [account(number, random_numbers) for number in range(400)]
for language, name in enumerate(["accounts.csv", "客户档案.csv"]):
    with open(pathlib.Path(__file__).with_name(name), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([column[language] for column in COLUMNS])
        for row in accounts:
            out.writerow([
                WORDS.get(column, {}).get(row[column], row[column]) if language else row[column] for column, _ in COLUMNS
            ])
