#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/callback_queue.h"
#include "google/protobuf/util/json_util.h"
#include "veche/classification/v1/classification.grpc.pb.h"
#include "veche/directory/v1/directory.grpc.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"

// Fakes of the services that appeals calls, as real services of an in-process server, for tests.

namespace veche::appeals {

// Three categories, two departments, two square districts side by side.
class FakeDirectory final : public directory::v1::Directory::Service {
 public:
  grpc::Status ListCategories(grpc::ServerContext*, const directory::v1::ListCategoriesRequest*,
                              directory::v1::ListCategoriesResponse* response) override {
    AddCategory(*response, "potholes", "Ямы на дорогах", "departments/roads", 24);
    AddCategory(*response, "heating", "Отопление", "departments/housing", 8);
    AddCategory(*response, "manholes", "Люки", "departments/roads", 8);
    return grpc::Status::OK;
  }
  grpc::Status ListDepartments(grpc::ServerContext*, const directory::v1::ListDepartmentsRequest*,
                               directory::v1::ListDepartmentsResponse* response) override {
    for (const char* kind : {"roads", "housing"}) {
      directory::v1::Department& department = *response->add_departments();
      department.set_name(absl::StrCat("departments/", kind));
      department.set_kind(kind);
    }
    return grpc::Status::OK;
  }
  grpc::Status ListDistricts(grpc::ServerContext*, const directory::v1::ListDistrictsRequest*,
                             directory::v1::ListDistrictsResponse* response) override {
    AddDistrict(*response, "west", "Западный", 49.0, 49.1);
    AddDistrict(*response, "east", "Восточный", 49.1, 49.2);
    return grpc::Status::OK;
  }

 private:
  static void AddCategory(directory::v1::ListCategoriesResponse& response, const std::string& id,
                          const std::string& title, const std::string& department, int hours) {
    auto& category = *response.add_categories();
    category.set_name("categories/" + id);
    category.set_title(title);
    category.set_department(department);
    category.set_response_hours(hours);
    category.set_legal_profile("ru-59fz");
  }
  static void AddDistrict(directory::v1::ListDistrictsResponse& response, const std::string& id,
                          const std::string& title, double west, double east) {
    auto& district = *response.add_districts();
    district.set_name("districts/" + id);
    district.set_title(title);
    const std::string json =
        absl::StrCat(R"({"type":"Polygon","coordinates":[[[)", west, ",55.7],[", east, ",55.7],[",
                     east, ",55.9],[", west, ",55.9],[", west, ",55.7]]]}");
    (void)google::protobuf::util::JsonStringToMessage(json, district.mutable_boundary());
  }
};

// Knows three topics, one of which adds to the priority, one department, and a word at which it
// fails; a test can switch it off.
class FakeClassification final : public classification::v1::Classification::Service {
 public:
  grpc::Status Suggest(grpc::ServerContext*, const classification::v1::SuggestRequest* request,
                       classification::v1::SuggestResponse* response) override {
    ++calls;
    if (down) return {grpc::StatusCode::UNAVAILABLE, "down"};
    if (absl::StrContains(request->text(), "ошибка")) return {error, "this text"};
    response->set_language("ru");
    response->set_model("m1");
    response->set_priority(classification::v1::NORMAL);
    if (absl::StrContains(request->text(), "газ")) {
      response->set_priority(classification::v1::EMERGENCY);
      response->set_advice("Call 112 at once.");
    }
    if (absl::StrContains(request->text(), "газ")) {
      auto& reason = *response->add_priority_reasons();
      reason.set_reason("hazard");
      reason.set_points(70);
      reason.set_evidence("gas: газ");
    }
    if (absl::StrContains(request->text(), "казино")) {
      response->mutable_moderation()->set_spam(0.9);
      response->mutable_moderation()->add_reasons("gambling");
    }
    if (request->category() == "categories/heating") {
      auto& reason = *response->add_priority_reasons();
      reason.set_reason("risky_topic");
      reason.set_points(30);
      reason.set_evidence("heating");
    }
    if (absl::StrContains(request->text(), "опасн")) {
      auto& reason = *response->add_priority_reasons();
      reason.set_reason("danger");
      reason.set_points(20);
    }
    const bool unsure = absl::StrContains(request->text(), "похоже");
    const double probability = unsure ? 0.45 : 0.9;
    if (absl::StrContains(request->text(), "Яма")) Add(*response, "potholes", "roads", probability);
    if (absl::StrContains(request->text(), "тепл")) {
      Add(*response, "heating", "housing", probability);
    }
    if (absl::StrContains(request->text(), "колод")) {
      Add(*response, "manholes", "roads", probability);
    }
    response->set_sure_from(0.8);
    response->set_confident(response->candidates_size() == 1 && !unsure);
    if (absl::StrContains(request->text(), "сосед")) {
      response->add_departments()->set_kind("housing");
      response->mutable_departments(0)->set_probability(0.95);
    }
    return grpc::Status::OK;
  }

  grpc::Status SuggestBatch(grpc::ServerContext* context,
                            const classification::v1::SuggestBatchRequest* request,
                            classification::v1::SuggestBatchResponse* response) override {
    ++batches;
    if (no_batches) return {grpc::StatusCode::UNIMPLEMENTED, "an older program"};
    for (const auto& item : request->items()) {
      classification::v1::SuggestRequest single;
      single.set_text(item.text());
      single.set_category(item.category());
      auto& result = *response->add_results();
      const grpc::Status status = Suggest(context, &single, result.mutable_suggestion());
      if (status.ok()) continue;
      if (down || breaks_batches) return status;
      result.mutable_error()->set_code(status.error_code());
      result.mutable_error()->set_message(status.error_message());
    }
    return grpc::Status::OK;
  }

  std::atomic<bool> down = false;
  std::atomic<bool> no_batches = false;
  std::atomic<bool> breaks_batches = false;  // one bad text makes the whole batch fail
  std::atomic<grpc::StatusCode> error = grpc::StatusCode::INTERNAL;
  std::atomic<int> calls = 0;  // texts
  std::atomic<int> batches = 0;

 private:
  static void Add(classification::v1::SuggestResponse& response, const std::string& category,
                  const std::string& department, double probability) {
    auto& candidate = *response.add_candidates();
    candidate.set_category("categories/" + category);
    candidate.set_department("departments/" + department);
    candidate.set_probability(probability);
  }
};

class FakeIdentity final : public identity::v1::Identity::Service {
 public:
  grpc::Status RegisterGuest(grpc::ServerContext*,
                             const identity::v1::RegisterGuestRequest* request,
                             identity::v1::RegisterGuestResponse* response) override {
    absl::MutexLock lock(&mutex_);
    request_ids_.push_back(request->request_id());
    if (refuses) return {grpc::StatusCode::INVALID_ARGUMENT, "no such contact"};
    contacts_.push_back(request->contact());
    response->set_resident("residents/guest" + std::to_string(contacts_.size()));
    return grpc::Status::OK;
  }
  std::vector<std::string> contacts() {
    absl::MutexLock lock(&mutex_);
    return contacts_;
  }
  std::vector<std::string> request_ids() {
    absl::MutexLock lock(&mutex_);
    return request_ids_;
  }

  std::atomic<bool> refuses = false;

 private:
  absl::Mutex mutex_;
  std::vector<std::string> contacts_;
  std::vector<std::string> request_ids_;
};

// All three fakes behind one server.
class Peers {
 public:
  Peers() {
    rpc::KeepCallbackQueue();
    grpc::ServerBuilder builder;
    builder.RegisterService(&directory);
    builder.RegisterService(&classification);
    builder.RegisterService(&identity);
    server_ = builder.BuildAndStart();
  }
  ~Peers() { server_->Shutdown(); }
  grpc::Server& server() { return *server_; }
  std::shared_ptr<grpc::Channel> channel() {
    return server_->InProcessChannel(grpc::ChannelArguments());
  }

  FakeDirectory directory;
  FakeClassification classification;
  FakeIdentity identity;

 private:
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace veche::appeals
