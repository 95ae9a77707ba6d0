#include "services/identity/storage/feedback_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace veche::identity {
namespace {

constexpr absl::Duration kKeep = absl::Hours(24 * 365);

// The contexts in which the vault seals the fields of a note.
std::string TextOf(absl::string_view id) { return absl::StrCat("feedback text\n", id); }
std::string ContactOf(absl::string_view id) { return absl::StrCat("feedback contact\n", id); }

}  // namespace

absl::Status FeedbackStore::Add(sql::Transaction& transaction, const FeedbackNote& note) {
  return transaction
      .Execute(
          "INSERT INTO feedback (id, sealed_text, sealed_contact, page, language, "
          "create_time) VALUES ($1, $2, $3, $4, $5, $6)",
          note.id, sql::Blob{vault_.Seal(note.text, TextOf(note.id))},
          sql::Blob{vault_.Seal(note.contact, ContactOf(note.id))}, note.page, note.language,
          ToMicros(note.create_time))
      .status();
}

absl::StatusOr<std::vector<FeedbackNote>> FeedbackStore::List(sql::Transaction& transaction,
                                                              absl::string_view before, int limit) {
  // Ids are ordered by time and consist of lower-case letters and digits, which sort before "~".
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("SELECT id, sealed_text, sealed_contact, page, language, create_time "
                        "FROM feedback WHERE id < $1 ORDER BY id DESC LIMIT $2",
                        before.empty() ? "~" : before, limit));
  std::vector<FeedbackNote> notes;
  for (const sql::Row& row : rows) {
    FeedbackNote note{.id = row.Text(0),
                      .page = row.Text(3),
                      .language = row.Text(4),
                      .create_time = FromMicros(row.Int(5))};
    ASSIGN_OR_RETURN(note.text, vault_.Unseal(row.Bytes(1), TextOf(note.id)));
    ASSIGN_OR_RETURN(note.contact, vault_.Unseal(row.Bytes(2), ContactOf(note.id)));
    notes.push_back(std::move(note));
  }
  return notes;
}

absl::Status FeedbackStore::Prune(sql::Transaction& transaction, absl::Time now) {
  return transaction.Execute("DELETE FROM feedback WHERE create_time < $1", ToMicros(now - kKeep))
      .status();
}

}  // namespace veche::identity
