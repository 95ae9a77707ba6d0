#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// The search index: which appeals have which terms.

namespace veche::appeals {
namespace {

constexpr size_t kTermsPerInsert = 32;
constexpr size_t kTermsPerDelete = 64;

// One INSERT of `count` terms; `count` is a power of two, so there are few statements.
absl::Status InsertTerms(sql::Transaction& transaction, int64_t key,
                         absl::Span<const int64_t> terms) {
  std::string statement = "INSERT INTO search_terms (term, ord) VALUES ";
  std::vector<sql::Value> args;
  for (size_t i = 0; i < terms.size(); ++i) {
    absl::StrAppend(&statement, i == 0 ? "($" : ", ($", i + 1, ", $", terms.size() + 1, ")");
    args.emplace_back(terms[i]);
  }
  args.emplace_back(key);
  absl::StrAppend(&statement, " ON CONFLICT (term, ord) DO NOTHING");
  return transaction.ExecuteWith(statement, args).status();
}

absl::Status InsertTermsInChunks(sql::Transaction& transaction, int64_t key,
                                 absl::Span<const std::string> terms) {
  std::vector<int64_t> keys;
  keys.reserve(terms.size());
  for (const std::string& term : terms) keys.push_back(TermKey(term));
  std::sort(keys.begin(), keys.end());
  absl::Span<const int64_t> left = keys;
  for (size_t chunk = kTermsPerInsert; !left.empty(); chunk /= 2) {
    while (left.size() >= chunk) {
      RETURN_IF_ERROR(InsertTerms(transaction, key, left.subspan(0, chunk)));
      left.remove_prefix(chunk);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Store::Index(sql::Transaction& transaction, absl::string_view id,
                          absl::Span<const std::string> terms) {
  return InsertTermsInChunks(transaction, TimeKey(id), terms);
}

absl::Status Store::Unindex(sql::Transaction& transaction, absl::string_view id,
                            absl::Span<const std::string> terms) {
  for (; !terms.empty(); terms.remove_prefix(std::min(terms.size(), kTermsPerDelete))) {
    std::vector<sql::Value> values;
    for (const std::string& term : terms.subspan(0, kTermsPerDelete)) {
      values.emplace_back(TermKey(term));
    }
    values = PadToPowerOfTwo(std::move(values));
    values.emplace_back(TimeKey(id));
    const std::string statement =
        absl::StrCat("DELETE FROM search_terms WHERE term IN (", Parameters(1, values.size() - 1),
                     ") AND ord = $", values.size());
    RETURN_IF_ERROR(transaction.ExecuteWith(statement, std::move(values)).status());
  }
  return absl::OkStatus();
}

}  // namespace veche::appeals
