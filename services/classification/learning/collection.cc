#include "services/classification/learning/collection.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/learning/selection.h"

namespace veche::classification {
namespace {

constexpr int kPage = 500;
constexpr size_t kLongestText = 4000;  // characters; later ones say little about the topic

std::string TopicOf(const StaffDecision& decided) {
  return std::string(absl::StripPrefix(decided.label, "categories/"));
}

// The newest decisions of a kind, newest first.
absl::StatusOr<std::vector<StaffDecision>> ReadNewest(sql::Database& database,
                                                      ExampleStore& examples, LabelKind kind,
                                                      int most) {
  std::vector<StaffDecision> decisions;
  ExamplePosition from;
  for (int left = most; left > 0;) {
    const int wanted = std::min(kPage, left);
    std::vector<StaffDecision> page;
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

// The decisions on an appeal; null for a label that was not decided.
struct Labels {
  const StaffDecision* category = nullptr;
  const StaffDecision* department = nullptr;

  // The decision that gives person and time: the one on the category if there is one.
  const StaffDecision& main() const { return category != nullptr ? *category : *department; }
};

// One entry for each appeal, oldest first; at most the newest `most`.
std::vector<Labels> Join(const std::vector<StaffDecision>& categories,
                         const std::vector<StaffDecision>& departments, size_t most) {
  absl::flat_hash_map<absl::string_view, Labels> by_appeal;
  for (const StaffDecision& decided : categories) by_appeal[decided.appeal].category = &decided;
  for (const StaffDecision& decided : departments) by_appeal[decided.appeal].department = &decided;
  std::vector<Labels> all;
  for (const auto& [appeal, labels] : by_appeal) all.push_back(labels);
  std::sort(all.begin(), all.end(), [](const Labels& a, const Labels& b) {
    return std::tie(a.main().time, a.main().appeal) < std::tie(b.main().time, b.main().appeal);
  });
  if (all.size() > most) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most));
  return all;
}

}  // namespace

absl::StatusOr<Collection> Collect(const CollectionParts& parts) {
  const int most = parts.options.most_decisions;
  const auto read = [&](LabelKind kind) {
    return ReadNewest(parts.database, parts.examples, kind, most);
  };
  ASSIGN_OR_RETURN(std::vector<StaffDecision> categories, read(LabelKind::kCategory));
  ASSIGN_OR_RETURN(const std::vector<StaffDecision> merges, read(LabelKind::kMerge));
  ASSIGN_OR_RETURN(std::vector<StaffDecision> departments, read(LabelKind::kDepartment));
  categories = WithMerges(std::move(categories), merges);
  const size_t before = Join(categories, departments, SIZE_MAX).size();

  const auto cap = [&](std::vector<StaffDecision>& decisions) {
    decisions = CapStaff(std::move(decisions), parts.options.staff_share, parts.base_weight);
  };
  std::erase_if(categories, [](const StaffDecision& decided) {
    return FindTopic(TopicOf(decided)) == nullptr;
  });
  cap(categories);
  std::map<std::string, std::string> kinds;
  if (!departments.empty()) {
    ASSIGN_OR_RETURN(kinds, parts.departments.Kinds());
  }
  std::erase_if(departments,
                [&](const StaffDecision& decided) { return !kinds.contains(decided.label); });
  cap(departments);

  const std::vector<Labels> all = Join(categories, departments, static_cast<size_t>(most));
  Collection collection;
  for (size_t at = 0; at < all.size() && !parts.cancelled(); at += kPage) {
    const absl::Span<const Labels> page = absl::MakeConstSpan(all).subspan(at, kPage);
    std::vector<std::string> names;
    for (const Labels& labels : page) names.push_back(labels.main().appeal);
    ASSIGN_OR_RETURN(const auto found, parts.texts.Fetch(names));
    for (const Labels& labels : page) {
      const StaffDecision& main = labels.main();
      const auto text = found.find(main.appeal);
      if (text == found.end() || text->second.text.empty()) continue;
      collection.texts.push_back(
          {.labelled =
               {.example = {.text = std::string(text::PrefixOf(text->second.text, kLongestText)),
                            .topic = labels.category ? TopicOf(*labels.category) : "",
                            .department = labels.department ? kinds[labels.department->label] : "",
                            .places = text->second.places,
                            .weight = static_cast<float>(WeightOf(main.decision))}},
           .staff = main.staff,
           .time = main.time});
    }
  }
  collection.left_out = static_cast<int64_t>(before - collection.texts.size());
  return collection;
}

}  // namespace veche::classification
