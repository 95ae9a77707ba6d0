#include "services/classification/learning/collection.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/learning/selection.h"

namespace veche::classification {
namespace {

constexpr int kPage = 500;
constexpr size_t kLongestText = 4000;  // characters; what comes after says little about the topic

std::string TopicOf(const Decided& decided) {
  return std::string(absl::StripPrefix(decided.label, "categories/"));
}

// A city's department is one that the model knows when it has the name of its kind.
std::string KindOf(absl::string_view department) {
  if (!absl::ConsumePrefix(&department, "departments/")) return "";
  for (const Topic& topic : Topics()) {
    if (topic.department_kind == department) return topic.department_kind;
  }
  return "";
}

// The newest decisions of a kind, newest first.
absl::StatusOr<std::vector<Decided>> ReadNewest(sql::Database& database, ExampleStore& examples,
                                                LabelKind kind, int most) {
  std::vector<Decided> decisions;
  ExamplePosition from;
  for (int left = most; left > 0;) {
    const int wanted = std::min(kPage, left);
    std::vector<Decided> page;
    RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(page, examples.ListDecisions(transaction, kind, from, wanted));
      return absl::OkStatus();
    }));
    decisions.insert(decisions.end(), page.begin(), page.end());
    if (page.size() < static_cast<size_t>(wanted)) break;
    from = {page.back().time, page.back().appeal};
    left -= wanted;
  }
  return decisions;
}

}  // namespace

absl::StatusOr<Collection> Collect(sql::Database& database, ExampleStore& examples,
                                   TextSource& texts, const LearningOptions& options,
                                   const std::function<bool()>& cancelled) {
  const int most = options.most_decisions;
  ASSIGN_OR_RETURN(std::vector<Decided> categories,
                   ReadNewest(database, examples, LabelKind::kCategory, most));
  ASSIGN_OR_RETURN(const std::vector<Decided> merges,
                   ReadNewest(database, examples, LabelKind::kMerge, most));
  ASSIGN_OR_RETURN(std::vector<Decided> departments,
                   ReadNewest(database, examples, LabelKind::kDepartment, most));
  departments = CapStaff(std::move(departments), options.staff_share, options.staff_decisions);
  absl::flat_hash_map<std::string, std::string> kind_of;
  for (const Decided& decided : departments) kind_of.emplace(decided.appeal, KindOf(decided.label));

  std::vector<Decided> all = WithMerges(std::move(categories), merges);
  const size_t before = all.size();
  std::erase_if(all, [](const Decided& decided) { return FindTopic(TopicOf(decided)) == nullptr; });
  all = CapStaff(std::move(all), options.staff_share, options.staff_decisions);
  std::reverse(all.begin(), all.end());

  Collection collection;
  for (size_t at = 0; at < all.size() && !cancelled(); at += kPage) {
    const absl::Span<const Decided> page = absl::MakeConstSpan(all).subspan(at, kPage);
    std::vector<std::string> names;
    for (const Decided& decided : page) names.push_back(decided.appeal);
    ASSIGN_OR_RETURN(const auto found, texts.Fetch(names));
    for (const Decided& decided : page) {
      const auto text = found.find(decided.appeal);
      if (text == found.end() || text->second.empty()) continue;
      const auto kind = kind_of.find(decided.appeal);
      collection.texts.push_back(
          {.labelled = {.example = {.text = std::string(text::PrefixOf(text->second, kLongestText)),
                                    .topic = TopicOf(decided),
                                    .department = kind == kind_of.end() ? "" : kind->second,
                                    .weight = static_cast<float>(WeightOf(decided.decision))}},
           .time = decided.time});
    }
  }
  collection.left_out = static_cast<int64_t>(before - collection.texts.size());
  return collection;
}

}  // namespace veche::classification
