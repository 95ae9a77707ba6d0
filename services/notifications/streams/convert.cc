#include "services/notifications/streams/convert.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/api/timestamp.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/wire/event_types.h"
#include "veche/appeals/v1/events.pb.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::notifications {
namespace {

constexpr size_t kIdDigits = 16;

// The title of a notice. Polls and initiatives have no number.
Text TitleOfNotice(const Notice& notice, absl::string_view language) {
  if (notice.number.empty()) {
    return TitleOf(ParsePollingEventType(notice.type), TitleIn(notice.titles, language));
  }
  return TitleOf(ParseAppealEventType(notice.type), notice.number);
}

constexpr char kMarkedRead[] = "veche.notifications.marked_read";

std::string NameOf(int64_t seq) { return absl::StrCat("notifications/", ToId(seq)); }

// Why a resident gets a notice, by its subject.
absl::string_view ReasonOf(const Notice& notice) {
  if (absl::StartsWith(notice.subject, "polls/")) return "WHY_POLL";
  if (absl::StartsWith(notice.subject, "initiatives/")) return "WHY_INITIATIVE";
  return "WHY_APPEAL";
}

v1::Notification OwnToWire(const Notice& notice, const Texts& texts, absl::string_view language) {
  v1::Notification wire;
  wire.set_type(notice.type);
  wire.set_subject(notice.subject);
  wire.set_title(texts.Get(TitleOfNotice(notice, language), language));
  *wire.mutable_create_time() = api::ToTimestamp(notice.create_time);
  wire.set_read(notice.read);
  wire.set_appeal_number(notice.number);
  wire.set_appeal_state(notice.state);
  wire.set_reason(texts.Get(Text(ReasonOf(notice)), language));
  if (absl::StartsWith(notice.subject, "appeals/")) {
    wire.set_mute(absl::StrCat("/v1/", notice.subject, ":unfollow"));
  }
  return wire;
}

v1::Notification OwnToWire(const Marking& marking, const Texts&, absl::string_view) {
  v1::Notification wire;
  wire.set_type(kMarkedRead);
  *wire.mutable_create_time() = api::ToTimestamp(marking.create_time);
  wire.set_read(true);
  for (const int64_t seq : marking.seqs) wire.mutable_marking()->add_names(NameOf(seq));
  wire.mutable_marking()->set_unread_count(static_cast<int32_t>(marking.unread));
  return wire;
}

std::string TitleOfAlert(const PublishedAlert& alert, const Texts& texts,
                         absl::string_view language) {
  std::string title = TitleIn(alert.revision.content.titles, language);
  if (alert.post.type == kAlertPublished) return title;
  const absl::string_view text =
      alert.post.type == kAlertCancelled ? "ALERT_CANCELLED_TITLE" : "ALERT_TITLE_UPDATED";
  return texts.Get(Text(text, {{"title", title}}), language);
}

v1::Notification AlertToWire(const AlertLine& line, const AlertContext& context, const Texts& texts,
                             absl::string_view language) {
  const AlertPost& post = line.alert.post;
  v1::Notification wire;
  wire.set_type(post.type);
  wire.set_subject(AlertName(post.alert));
  wire.set_title(TitleOfAlert(line.alert, texts, language));
  *wire.mutable_create_time() = api::ToTimestamp(post.create_time);
  wire.set_read(line.read);
  wire.set_severity(static_cast<v1::Alert::Severity>(post.severity));
  wire.set_topic(post.topic);
  wire.set_reason(texts.Get(WhyOf(post, context, language), language));
  wire.set_mute(absl::StrCat("/v1/", post.topic, ":mute"));
  return wire;
}

}  // namespace

Text WhyOf(const AlertPost& post, const AlertContext& context, absl::string_view language) {
  std::string topic = post.topic;
  for (const Topic& known : *context.topics) {
    if (known.name == post.topic) topic = TitleIn(known.titles, language);
  }
  for (const std::string& district : post.districts) {
    if (!absl::c_linear_search(context.interest.districts, district)) continue;
    const std::string title =
        context.districts == nullptr ? district : context.districts->TitleOf(district, language);
    return {"WHY_ALERT", {{"topic", topic}, {"district", title}}};
  }
  return {"WHY_CITY_ALERT", {{"topic", topic}}};
}

std::optional<AppealEvent> ReadAppealEvent(const events::Event& event) {
  appeals::v1::AppealEvent data;
  if (!data.ParseFromString(event.data) || data.appeal().empty()) return std::nullopt;
  return AppealEvent{.id = event.id,
                     .type = event.type,
                     .parsed_type = ParseAppealEventType(event.type),
                     .appeal = data.appeal(),
                     .number = data.number(),
                     .state = appeals::v1::Appeal::State_Name(data.state()),
                     .author = data.author(),
                     .actor = data.actor(),
                     .department = data.department(),
                     .merged_into = data.merged_into(),
                     .time = event.time};
}

std::optional<PollingEvent> ReadPollingEvent(const events::Event& event) {
  polling::v1::PollingEvent data;
  if (!data.ParseFromString(event.data) || data.subject().empty()) return std::nullopt;
  return PollingEvent{.id = event.id,
                      .type = event.type,
                      .parsed_type = ParsePollingEventType(event.type),
                      .subject = data.subject(),
                      .titles = Titles(data.titles().begin(), data.titles().end()),
                      .districts = {data.districts().begin(), data.districts().end()},
                      .residents = {data.residents().begin(), data.residents().end()},
                      .merged_into = data.merged_into(),
                      .time = event.time};
}

std::string ToId(int64_t seq) { return absl::StrFormat("%016d", seq); }

std::optional<int64_t> FromId(absl::string_view id) {
  int64_t seq = 0;
  const bool digits =
      id.size() == kIdDigits && std::all_of(id.begin(), id.end(), absl::ascii_isdigit);
  if (!digits || !absl::SimpleAtoi(id, &seq)) return std::nullopt;
  return seq;
}

v1::Notification ToWire(const FeedItem& item, const AlertContext& context, const Texts& texts,
                        absl::string_view language) {
  v1::Notification wire = std::visit(
      [&](const auto& what) {
        if constexpr (std::is_same_v<std::decay_t<decltype(what)>, AlertLine>) {
          return AlertToWire(what, context, texts, language);
        } else {
          return OwnToWire(what, texts, language);
        }
      },
      item);
  wire.set_name(NameOf(SeqOf(item)));
  return wire;
}

v1::WatchNotificationsResponse ToWatchResponse(const FeedItem& item, const AlertContext& context,
                                               const Texts& texts, absl::string_view language) {
  v1::WatchNotificationsResponse response;
  *response.mutable_notification() = ToWire(item, context, texts, language);
  response.set_event_id(ToId(SeqOf(item)));
  return response;
}

}  // namespace veche::notifications
