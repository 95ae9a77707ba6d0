#include "services/appeals/calls/notice_calls.h"

#include <string>
#include <vector>

#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/entry_texts.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/wire_types.h"

namespace veche::appeals {
namespace {

// Steps of an appeal have the same number as entry and as event. A message is a comment.
EntryType EntryOf(EventType type) {
  static_assert(static_cast<int>(EntryType::kMergedFrom) != static_cast<int>(EventType::kMessaged));
  if (type == EventType::kMessaged) return EntryType::kComment;
  return type <= EventType::kClosed ? static_cast<EntryType>(type) : EntryType::kUnknown;
}

// The entry that was written with the event: an event gets its time right after its entry.
const Entry* FindEntry(const std::vector<Entry>& entries, EntryType type, absl::Time time) {
  const Entry* found = nullptr;
  for (const Entry& entry : entries) {
    if (entry.type == type && type != EntryType::kUnknown && entry.time <= time) found = &entry;
  }
  return found;
}

}  // namespace

absl::StatusOr<v1::ChangeNotice> NoticeCalls::GetChangeNotice(
    const rpc::Call&, const v1::GetChangeNoticeRequest& request, Violations violations) {
  const EventType type = ParseEventType(request.type());
  if (type == EventType::kUnknown) violations.Add("type", "EVENT_TYPE");
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(request.appeal()));
  ASSIGN_OR_RETURN(const Appeal appeal, store_.Get(id));
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, store_.GetTimeline(id));

  v1::ChangeNotice notice;
  notice.set_number(appeal.number);
  notice.set_author(appeal.author);
  if (appeal.due) *notice.mutable_due_time() = api::ToTimestamp(*appeal.due);
  if (!appeal.follow_token_hash.empty()) {
    // An appeal of an earlier release has a random token, which cannot be made again.
    std::string token = tokens_.For(id);
    if (HashToken(token) == appeal.follow_token_hash) notice.set_follow_token(std::move(token));
  }
  const Entry* entry = FindEntry(entries, EntryOf(type), api::FromTimestamp(request.time()));
  if (entry == nullptr) return notice;
  for (const absl::string_view language : kLanguages) {
    const EntryTexts texts(texts_, city_(), language);
    v1::ChangeNotice::Said said;
    said.set_public_text(TextFor(*entry, View::kPublic, texts));
    said.set_author_text(TextFor(*entry, View::kAuthor, texts));
    (*notice.mutable_said())[std::string(language)] = std::move(said);
  }
  return notice;
}

}  // namespace veche::appeals
