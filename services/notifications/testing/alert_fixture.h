#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/notifications/calls/alert_calls.h"
#include "services/notifications/calls/feed_calls.h"
#include "services/notifications/calls/import_calls.h"
#include "services/notifications/calls/topic_calls.h"
#include "services/notifications/remote/directory.h"
#include "services/notifications/testing/fixture.h"
#include "services/notifications/wire/area.h"
#include "services/notifications/workers/alert_schedule.h"
#include "veche/appeals/v1/attachments.grpc.pb.h"

// The parts of the service Alerts with fakes of the services that it calls.

namespace veche::notifications::testing {

// Two districts side by side: "a" from 49 to 50, "b" from 50 to 51 degrees of longitude.
class FakeDirectory final : public ::veche::directory::v1::Directory::Service {
 public:
  grpc::Status ListDistricts(grpc::ServerContext*,
                             const ::veche::directory::v1::ListDistrictsRequest*,
                             ::veche::directory::v1::ListDistrictsResponse* response) override {
    for (const auto& [name, west] : {std::pair("districts/a", 49.0), {"districts/b", 50.0}}) {
      ::veche::directory::v1::District& district = *response->add_districts();
      district.set_name(name);
      district.set_title(absl::StrCat("Район ", name));
      *district.mutable_boundary() =
          AreaOf({{{55, west}, {55, west + 1}, {56, west + 1}, {56, west}, {55, west}}});
    }
    return grpc::Status::OK;
  }
};

// "attachments/image", "attachments/pdf", "attachments/text" and "attachments/large".
class FakeAttachments final : public ::veche::appeals::v1::Attachments::Service {
 public:
  grpc::Status DownloadAttachment(grpc::ServerContext*,
                                  const ::veche::appeals::v1::DownloadAttachmentRequest* request,
                                  grpc::ServerWriter<google::api::HttpBody>* writer) override {
    const std::string& name = request->name();
    google::api::HttpBody piece;
    piece.set_content_type(name == "attachments/text"  ? "text/plain"
                           : name == "attachments/pdf" ? "application/pdf"
                                                       : "image/png");
    piece.set_data(std::string(64 << 10, 'x'));
    if (name != "attachments/image" && name != "attachments/pdf" && name != "attachments/text" &&
        name != "attachments/large") {
      return {grpc::StatusCode::NOT_FOUND, "none"};
    }
    for (int i = 0; i < (name == "attachments/large" ? 100 : 2); ++i) writer->Write(piece);
    return grpc::Status::OK;
  }
};

class FakeCounter final : public RecipientCounter {
 public:
  absl::StatusOr<RecipientCount> Count(const std::string& topic, Severity,
                                       const std::vector<std::string>& districts) override {
    asked = absl::StrCat(topic, " ", districts.size());
    return RecipientCount{.recipients = 7, .in_app = 7, .email = 3};
  }
  std::string asked;
};

inline auth::Principal Editor(absl::string_view id = "one") {
  return {.name = absl::StrCat("staff/", id), .roles = {options::v1::ANYONE, options::v1::EDITOR}};
}

// All parts without the network, on a test's database.
struct AlertCity : Notifications {
  explicit AlertCity(std::unique_ptr<sql::Database> opened = sql::testing::OpenInMemory())
      : Notifications(std::move(opened)) {
    Serve("directory", fake_directory);
    Serve("appeals", fake_attachments);
    directory = std::make_unique<Directory>(channels, telemetry);
    attachments = std::make_unique<Attachments>(channels);
    files = std::make_unique<FileCalls>(*database, file_store, *attachments);
    alerts = std::make_unique<AlertCalls>(AlertCalls::Parts{
        *database, alert_store, *files, counter, [this] { return directory->Get(); }, clock, ids,
        "ru", "https://city.example", [this] { ++changes; }});
    FeedContext city{.public_url = "https://city.example", .city = "Город", .language = "ru"};
    feeds = std::make_unique<FeedCalls>(
        FeedCalls::Parts{*database, alert_store, [this] { return directory->Get(); }, texts, city});
    imports = std::make_unique<ImportCalls>(ImportCalls::Parts{
        *database, alert_store, [this] { return directory->Get(); }, clock, ids,
        [this](const std::string& url) { return fetch(url); }, "https://city.example"});
    EXPECT_OK(directory->Refresh());
  }
  ~AlertCity() {
    for (const auto& server : servers) server->Shutdown(std::chrono::system_clock::now());
  }
  void Serve(absl::string_view name, grpc::Service& service) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    servers.push_back(builder.BuildAndStart());
    channels.AddLocal(name, *servers.back());
  }

  // The least that an alert has.
  static v1::Alert Draft(v1::Alert::Severity severity = v1::Alert::INFO) {
    v1::Alert alert;
    alert.set_topic("topics/utilities");
    alert.set_severity(severity);
    alert.set_title("Нет воды");
    return alert;
  }
  absl::StatusOr<v1::Alert> Create(const v1::Alert& alert, auth::Principal by = Editor()) {
    v1::CreateAlertRequest request;
    *request.mutable_alert() = alert;
    return alerts->CreateAlert(rpc::testing::MakeCall(std::move(by)), request);
  }
  absl::StatusOr<v1::Alert> Update(const v1::Alert& alert, const std::string& etag = "",
                                   std::vector<std::string> mask = {},
                                   auth::Principal by = Editor()) {
    v1::UpdateAlertRequest request;
    *request.mutable_alert() = alert;
    request.set_etag(etag);
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return alerts->UpdateAlert(rpc::testing::MakeCall(std::move(by)), request);
  }
  absl::StatusOr<v1::Alert> Publish(const std::string& name, auth::Principal by = Editor(),
                                    const std::string& etag = "") {
    v1::PublishAlertRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return alerts->PublishAlert(rpc::testing::MakeCall(std::move(by)), request);
  }
  absl::StatusOr<v1::Alert> RequestReview(const std::string& name) {
    v1::RequestReviewRequest request;
    request.set_name(name);
    return alerts->RequestReview(rpc::testing::MakeCall(Editor()), request);
  }
  absl::StatusOr<v1::Alert> Cancel(const std::string& name, const std::string& reason) {
    v1::CancelAlertRequest request;
    request.set_name(name);
    request.set_reason(reason);
    return alerts->CancelAlert(rpc::testing::MakeCall(Editor()), request);
  }
  absl::StatusOr<v1::Alert> Get(const std::string& name, auth::Principal by = {}) {
    v1::GetAlertRequest request;
    request.set_name(name);
    return alerts->GetAlert(rpc::testing::MakeCall(std::move(by)), request);
  }
  // A published alert.
  v1::Alert MakePublished(const v1::Alert& draft) {
    const auto created = Create(draft);
    EXPECT_OK(created);
    if (!created.ok()) return {};
    const auto published = Publish(created->name());
    EXPECT_OK(published);
    return published.ok() ? *published : v1::Alert();
  }
  std::vector<AlertPost> Posts() {
    std::vector<AlertPost> posts;
    EXPECT_OK(database->Read([&](sql::Transaction& t) -> absl::Status {
      auto read = alert_store.ListPostsAfter(t, 0, 1000);
      if (read.ok()) posts = *std::move(read);
      return read.status();
    }));
    return posts;
  }

  FakeDirectory fake_directory;
  FakeAttachments fake_attachments;
  FakeCounter counter;
  std::vector<std::unique_ptr<grpc::Server>> servers;
  UlidSource ids{clock};
  std::atomic<int> changes{0};
  AlertStore alert_store;
  FileStore file_store;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Attachments> attachments;
  std::unique_ptr<FileCalls> files;
  std::unique_ptr<AlertCalls> alerts;
  std::unique_ptr<FeedCalls> feeds;
  std::unique_ptr<ImportCalls> imports;
  TopicCalls topics{*database, alert_store};
  ImportCalls::Fetch fetch = [](const std::string&) { return absl::UnavailableError("down"); };
};

}  // namespace veche::notifications::testing
