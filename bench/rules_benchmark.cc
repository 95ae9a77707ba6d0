// Time to match one appeal against the routing rules: the largest set that can be saved, with
// twenty keywords a rule, compared with a loop over every keyword of every rule.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/text/stem.h"
#include "services/appeals/routing/rule_check.h"
#include "services/appeals/routing/rule_set.h"

namespace veche::appeals {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kText[] =
    "Во дворе дома 12 по улице Баумана третью неделю не горит фонарь у детской площадки. Вечером "
    "дети возвращаются с тренировки в полной темноте, вчера ребёнок споткнулся и упал. Просим "
    "восстановить освещение до конца месяца.";
constexpr int kKeywords = 20;

std::vector<RoutingRule> LargestSet() {
  std::vector<RoutingRule> rules;
  for (size_t i = 0; i < kMostRules; ++i) {
    RoutingRule rule{.id = absl::StrCat("r", i), .title = "Правило"};
    rule.department = "departments/night";
    rule.when.districts = {absl::StrCat("districts/d", i % 7)};
    rule.when.categories = {absl::StrCat("categories/c", i % 60)};
    for (int k = 0; k < kKeywords; ++k) {
      // Two keywords of every rule match the text, one in whole and one in part.
      rule.when.keywords.push_back(k == 0   ? "детская площадка"
                                   : k == 1 ? absl::StrCat("фонарь слово", i)
                                            : absl::StrCat("слово", i * kKeywords + k));
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

// Microseconds of the fastest of several runs.
template <typename Function>
double Measure(int times, Function function) {
  double best = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto begin = Clock::now();
    for (int i = 0; i < times; ++i) function();
    const std::chrono::duration<double, std::micro> took = Clock::now() - begin;
    best = std::min(best, took.count() / times);
  }
  return best;
}

void Run() {
  const std::vector<RoutingRule> rules = LargestSet();
  const RuleSet set(rules);
  const std::vector<std::string> terms = text::SearchTerms(kText);
  const RoutingFacts facts{.category = "categories/c3", .district = "districts/d3", .terms = terms};
  size_t found = 0;
  const double compiled = Measure(20'000, [&] {
    RuleSet::Walk walk = set.Begin(facts);
    found += walk.Next(facts.category) != nullptr;
  });
  std::vector<std::vector<std::string>> stems;
  for (const RoutingRule& rule : rules) {
    for (const std::string& keyword : rule.when.keywords) stems.push_back(KeywordStems(keyword));
  }
  const double plain = Measure(20, [&] {
    found += static_cast<size_t>(absl::c_count_if(
        stems, [&](const auto& keyword) { return absl::c_includes(terms, keyword); }));
  });
  std::printf("rules of routing, %zu rules with %d keywords: %.1f us an appeal, plainly %.0f us\n",
              rules.size(), kKeywords, compiled, plain);
  if (found == 0) std::printf("nothing was found\n");
}

}  // namespace
}  // namespace veche::appeals

int main() { veche::appeals::Run(); }
