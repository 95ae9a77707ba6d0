#include "services/notifications/calls/import_calls.h"

#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/notifications/calls/alert_input.h"
#include "services/notifications/domain/alert_errors.h"
#include "services/notifications/feeds/cap.h"
#include "services/notifications/feeds/xml_reader.h"

namespace veche::notifications {
namespace {

constexpr const char* kXmlTypes[] = {kCapType, "application/xml", "text/xml"};

absl::Status Refuse(absl::string_view field, const Text& problem) {
  Violations violations;
  violations.Add(field, problem);
  return violations.ToStatus();
}

// "application/xml" of "Application/XML; charset=utf-8".
std::string MediaType(absl::string_view content_type) {
  return absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(content_type.substr(0, content_type.find(';'))));
}

// The one member of {"url": "https://…"}.
absl::StatusOr<std::string> ReadUrl(const std::string& body) {
  google::protobuf::Struct json;
  if (!google::protobuf::util::JsonStringToMessage(body, &json).ok()) {
    return Refuse("body", "BODY_UNREADABLE");
  }
  for (const auto& [name, value] : json.fields()) {
    if (name != "url") return Refuse(name, "NOT_A_FIELD");
  }
  const std::string url = json.fields().count("url") ? json.fields().at("url").string_value() : "";
  if (url.empty()) return Refuse("url", "REQUIRED");
  return url;
}

// The topic of a CAP category: one that takes alerts. "" when the city has none.
std::string TopicFor(absl::string_view category, const std::vector<Topic>& topics) {
  const absl::string_view wanted = TopicOfCategory(category);
  std::string first;
  for (const Topic& topic : topics) {
    if (topic.retired) continue;
    if (topic.name == wanted) return topic.name;
    if (first.empty()) first = topic.name;
  }
  return first;
}

v1::Alert WireOf(const CapWarning& warning, const std::vector<Topic>& topics,
                 const DistrictMap& districts) {
  v1::Alert wire;
  wire.set_topic(TopicFor(warning.category, topics));
  wire.set_severity(static_cast<v1::Alert::Severity>(warning.severity));
  for (const auto& [language, text] : warning.titles) (*wire.mutable_titles())[language] = text;
  for (const auto& [language, text] : warning.bodies) (*wire.mutable_bodies())[language] = text;
  for (const auto& [language, text] : warning.instructions) {
    (*wire.mutable_instructions())[language] = text;
  }
  wire.set_link(warning.link);
  if (warning.publish_time) *wire.mutable_publish_time() = api::ToTimestamp(*warning.publish_time);
  if (warning.expire_time) *wire.mutable_expire_time() = api::ToTimestamp(*warning.expire_time);
  // Other senders' districts are not ours.
  for (const std::string& district : warning.districts) {
    if (districts.Has(district)) wire.add_districts(district);
  }
  if (!warning.polygons.empty()) *wire.mutable_area() = AreaOf(warning.polygons);
  return wire;
}

}  // namespace

// Collects the body, which is small.
class ImportCalls::Upload final : public ImportCalls::Sink {
 public:
  Upload(ImportCalls& calls, const rpc::Call& call)
      : calls_(calls), editor_(call.principal().name), language_(call.language()) {}

  absl::Status Append(const google::api::HttpBody& piece) override {
    if (body_.empty()) content_type_ = piece.content_type();
    body_ += piece.data();
    if (body_.size() <= kMostXmlBytes) return absl::OkStatus();
    return Refuse("body", {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMostXmlBytes)}}});
  }

  absl::StatusOr<v1::ImportAlertsResponse> Finish() override {
    return calls_.Import(editor_, language_, content_type_, body_);
  }

 private:
  ImportCalls& calls_;
  const std::string editor_;
  const std::string language_;
  std::string content_type_;
  std::string body_;
};

absl::StatusOr<std::unique_ptr<ImportCalls::Sink>> ImportCalls::ImportAlerts(
    const rpc::Call& call) {
  return std::make_unique<Upload>(*this, call);
}

absl::StatusOr<v1::ImportAlertsResponse> ImportCalls::Import(const std::string& editor,
                                                             const std::string& language,
                                                             absl::string_view content_type,
                                                             const std::string& body) {
  const std::string type = MediaType(content_type);
  std::string document = body;
  if (type == "application/json") {
    ASSIGN_OR_RETURN(const std::string url, ReadUrl(body));
    ASSIGN_OR_RETURN(document, parts_.fetch(url));
  } else if (!absl::c_linear_search(kXmlTypes, type)) {
    return Refuse("Content-Type", "CAP_MEDIA_TYPE");
  }
  ASSIGN_OR_RETURN(const CapMessage message, ParseCap(document));
  ASSIGN_OR_RETURN(std::vector<Alert> drafts, MakeDrafts(message, editor));
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string known, parts_.store.FindSource(transaction, message.source));
    if (!known.empty()) return AlertImported(AlertName(known));
    for (const Alert& draft : drafts) RETURN_IF_ERROR(parts_.store.Add(transaction, draft));
    return absl::OkStatus();
  }));
  const AlertView view{.language = language,
                       .now = parts_.clock.Now(),
                       .public_url = parts_.public_url,
                       .editor = true};
  v1::ImportAlertsResponse response;
  for (const Alert& draft : drafts) *response.add_alerts() = ToWire(draft, view);
  return response;
}

absl::StatusOr<std::vector<Alert>> ImportCalls::MakeDrafts(const CapMessage& message,
                                                           const std::string& editor) {
  const absl::Time now = parts_.clock.Now();
  const std::shared_ptr<const DistrictMap> districts = parts_.districts();
  if (districts == nullptr) return CityUnknown();
  AlertRules rules{.now = now, .districts = districts.get()};
  std::optional<Alert> former;  // what an earlier message became, while it is published
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(rules.topics, parts_.store.ListTopics(transaction));
    for (const std::string& reference : message.references) {
      ASSIGN_OR_RETURN(const std::string id, parts_.store.FindSource(transaction, reference));
      if (id.empty()) continue;
      ASSIGN_OR_RETURN(std::optional<Alert> alert, parts_.store.Get(transaction, id));
      if (alert && StateAt(*alert, now) == AlertState::kPublished) former = std::move(alert);
    }
    return absl::OkStatus();
  }));
  Violations violations;
  std::vector<Alert> drafts;
  for (const CapWarning& warning : message.warnings) {
    Alert draft = ReadAlert(WireOf(warning, rules.topics, *districts), rules, violations);
    draft.id = parts_.ids.New();
    draft.author = draft.editor = editor;
    draft.create_time = draft.update_time = now;
    // A message may become several drafts; the first has its name.
    draft.source =
        drafts.empty() ? message.source : absl::StrCat(message.source, "#", drafts.size() + 1);
    if (drafts.empty() && former) draft.supersedes = former->id;
    drafts.push_back(std::move(draft));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return drafts;
}

}  // namespace veche::notifications
