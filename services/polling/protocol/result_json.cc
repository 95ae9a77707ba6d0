#include "services/polling/protocol/result_json.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling::protocol {
namespace {

constexpr absl::string_view kResult = "veche/result/v1";

class QuestionWriter {
 public:
  QuestionWriter(const Definition::Question& question, const counting::Result& result)
      : question_(question), result_(result) {}

  std::string Write() {
    json_.String("id", question_.id)
        .String("method", question_.method)
        .Integer("answered", result_.answered)
        .Integer("skipped", result_.skipped)
        .Array("counts", result_.counts, Number)
        .Array("order", result_.order,
               [this](const std::vector<int>& group) { return Ids(group); });
    if (result_.rating) AddRating(*result_.rating);
    if (result_.schulze) AddPreferences(*result_.schulze);
    if (result_.budget) AddBudget(*result_.budget);
    return json_.Take();
  }

 private:
  static std::string Number(int64_t number) { return absl::StrCat(number); }
  std::string Id(int option) const {
    return JsonString(question_.options[static_cast<size_t>(option)].id);
  }
  std::string Ids(const std::vector<int>& options) const {
    std::string json = "[";
    for (const int option : options) absl::StrAppend(&json, json.size() > 1 ? "," : "", Id(option));
    return json + "]";
  }

  void AddRating(const counting::RatingResult& rating) {
    json_.Raw("rating", JsonObjectWriter()
                            .Integer("sum", rating.sum)
                            .Integer("meanHundredths", rating.mean_hundredths)
                            .Integer("medianDoubled", rating.median_doubled)
                            .Take());
  }
  void AddPreferences(const counting::SchulzeResult& schulze) {
    json_.Array("preferences", schulze.preferences, [](const std::vector<int64_t>& row) {
      std::string json = "[";
      for (const int64_t count : row) absl::StrAppend(&json, json.size() > 1 ? "," : "", count);
      return json + "]";
    });
  }
  void AddBudget(const counting::BudgetResult& budget) {
    JsonObjectWriter json;
    json.Array("funded", budget.funded, [this](const counting::FundedOption& funded) {
      return JsonObjectWriter()
          .Raw("option", Id(funded.option))
          .Bool("completion", funded.completion)
          .Raw("tied", Ids(funded.tied))
          .Take();
    });
    json_.Raw("budget",
              json.Integer("spent", budget.spent).Integer("raises", budget.raises).Take());
  }

  const Definition::Question& question_;
  const counting::Result& result_;
  JsonObjectWriter json_;
};

}  // namespace

std::string EncodeResult(const Report& report) {
  JsonObjectWriter json;
  json.String("protocol", kResult)
      .String("poll", report.definition->poll)
      .Integer("treeSize", static_cast<int64_t>(report.tree_size))
      .Base64("rootHash", merkle::HashBytes(report.root))
      .Integer("ballots", report.voters);
  const ClosingRecord record = report.closing_record.value_or(ClosingRecord{});
  json.Integer("eligible", record.eligible);
  json.Array("issuers", record.issuers, [](const ClosingRecord::Issuer& issuer) {
    return JsonObjectWriter().String("name", issuer.name).Integer("issued", issuer.issued).Take();
  });
  size_t i = 0;
  json.Array("questions", report.results, [&](const counting::Result& result) {
    return QuestionWriter(report.definition->questions[i++], result).Write();
  });
  return json.Take();
}

}  // namespace veche::polling::protocol
