#include "services/gateway/testing/gateway_fixture.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"

namespace veche::gateway::testing {

using grpc::Status;

grpc::Status FakeGadgets::CreateGadget(Context*, const v1::CreateGadgetRequest* request,
                                       v1::Gadget* response) {
  response->set_name("gadgets/new");
  response->set_title(request->title());
  response->set_material(request->material());
  response->set_weight(request->weight());
  response->set_etag("1");
  return Status::OK;
}

grpc::Status FakeGadgets::GetGadget(Context* context, const v1::GetGadgetRequest* request,
                                    v1::Gadget* response) {
  response->set_name(request->name());
  for (const char* key : {"authorization", "traceparent", "idempotency-key", "x-veche-language",
                          "x-veche-client-address", "x-secret"}) {
    const auto found = context->client_metadata().find(key);
    if (found == context->client_metadata().end()) continue;
    (*response->mutable_metadata())[key] = std::string(found->second.data(), found->second.size());
  }
  if (request->name() == "gadgets/big") response->set_title(std::string(5000, 'x'));
  if (request->name() != "gadgets/plain") response->set_etag("7");
  return Status::OK;
}

grpc::Status FakeGadgets::GetGadgetAnonymously(Context* context,
                                               const v1::GetGadgetAnonymouslyRequest* request,
                                               v1::Gadget* response) {
  v1::GetGadgetRequest get;
  get.set_name(request->name());
  return GetGadget(context, &get, response);
}

grpc::Status FakeGadgets::ListGadgets(Context*, const v1::ListGadgetsRequest* request,
                                      v1::ListGadgetsResponse* response) {
  *response->mutable_asked() = *request;
  return Status::OK;
}

grpc::Status FakeGadgets::UpdateGadget(Context*, const v1::UpdateGadgetRequest* request,
                                       v1::Gadget* response) {
  if (!request->etag().empty() && request->etag() != "7") {
    return rpc::ToGrpc(MakeOperatorError(absl::StatusCode::kAborted, "gadgets", "ETAG_MISMATCH",
                                         "It has changed."));
  }
  *response = request->gadget();
  response->set_name(request->name());
  response->set_etag("8");
  return Status::OK;
}

grpc::Status FakeGadgets::GetCounter(Context* context, const v1::GetCounterRequest* request,
                                     v1::Counter* response) {
  if (hangs > 0) {
    --hangs;
    if (!waiting.HasBeenNotified()) waiting.Notify();
    while (!release.WaitForNotificationWithTimeout(absl::Milliseconds(1))) {
      if (!context->IsCancelled()) continue;
      ++hangs_cancelled;
      return Status::CANCELLED;
    }
  }
  if (cancellations > 0) {
    --cancellations;
    return {grpc::StatusCode::CANCELLED, ""};
  }
  response->set_name(request->name());
  response->set_reads(++counter_reads);
  if (request->name() == "counters/none") {
    return rpc::ToGrpc(MakeOperatorError(absl::StatusCode::kNotFound, "gadgets",
                                         "COUNTER_NOT_FOUND", "No such counter."));
  }
  response->set_value(counter);
  return Status::OK;
}

grpc::Status FakeGadgets::BumpCounter(Context*, const v1::BumpCounterRequest* request,
                                      v1::Counter* response) {
  if (bump_go != nullptr) bump_go->WaitForNotification();
  if (refusals > 0) {
    return {--refusals % 2 == 0 ? grpc::StatusCode::CANCELLED : grpc::StatusCode::UNAVAILABLE, ""};
  }
  response->set_name(request->name());
  response->set_value(++counter);
  return Status::OK;
}

grpc::Status FakeGadgets::GetManual(Context* context, const v1::GetManualRequest*,
                                    HttpBody* response) {
  const auto language = context->client_metadata().find("x-veche-language");
  response->set_content_type("application/xml; charset=utf-8");
  response->set_data(
      absl::StrCat("<reads>", ++counter_reads,
                   language == context->client_metadata().end()
                       ? ""
                       : std::string(language->second.data(), language->second.size()),
                   "</reads>"));
  return Status::OK;
}

grpc::Status FakeGadgets::Fail(Context*, const v1::FailRequest* request, google::protobuf::Empty*) {
  const auto code = static_cast<absl::StatusCode>(request->code());
  absl::Status status(code, request->message());
  if (!request->reason().empty()) {
    status = MakeOperatorError(code, "gadgets", request->reason(), request->message());
  }
  if (request->fields_size() > 0) {
    Violations violations;
    for (const std::string& field : request->fields()) violations.Add(field, "is wrong");
    status = violations.ToStatus();
  }
  if (request->retry_seconds() > 0) {
    status = WithRetryAfter(status, absl::Seconds(request->retry_seconds()));
  }
  return rpc::ToGrpc(status);
}

grpc::Status FakeGadgets::Wait(Context* context, const v1::WaitRequest*, google::protobuf::Empty*) {
  if (!waiting.HasBeenNotified()) waiting.Notify();
  while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
  if (!cancelled.HasBeenNotified()) cancelled.Notify();
  return Status::CANCELLED;
}

// "gadgets/N" has versions 1 to N; after them the stream of "gadgets/N" ends, and the stream of any
// other name waits.
grpc::Status FakeGadgets::WatchGadget(Context* context, const v1::WatchGadgetRequest* request,
                                      Writer<v1::WatchGadgetResponse>* writer) {
  if (request->name() == "gadgets/none") {
    return rpc::ToGrpc(MakeOperatorError(absl::StatusCode::kNotFound, "gadgets", "GADGET_NOT_FOUND",
                                         "No such gadget."));
  }
  int last = 0;
  int seen = 0;
  const bool finite = absl::SimpleAtoi(absl::StripPrefix(request->name(), "gadgets/"), &last);
  if (!absl::SimpleAtoi(request->last_event_id(), &seen)) seen = 0;
  for (int i = seen + 1; i <= last; ++i) {
    v1::WatchGadgetResponse event;
    event.set_event_id(absl::StrCat(i));
    event.mutable_gadget()->set_weight(i);
    writer->Write(event);
  }
  if (request->name() == "gadgets/2") {
    return Status(grpc::StatusCode::INTERNAL, "secret inside");
  }
  if (!finite) return Wait(context, nullptr, nullptr);
  return Status::OK;
}

grpc::Status FakeGadgets::Upload(Context*, grpc::ServerReader<HttpBody>* reader,
                                 v1::File* response) {
  HttpBody piece;
  int64_t size = 0;
  int pieces = 0;
  for (; reader->Read(&piece); ++pieces) {
    if (pieces == 0) response->set_content_type(piece.content_type());
    size += static_cast<int64_t>(piece.data().size());
    if (piece.data() == "refuse") {
      return rpc::ToGrpc(MakeOperatorError(absl::StatusCode::kInvalidArgument, "gadgets",
                                           "TYPE_NOT_ALLOWED", "Not that."));
    }
  }
  response->set_name(absl::StrCat("files/", size));
  response->set_size(size);
  response->set_pieces(pieces);
  return Status::OK;
}

grpc::Status FakeGadgets::Download(Context*, const v1::DownloadRequest* request,
                                   Writer<HttpBody>* writer) {
  int64_t size = 0;
  if (!absl::SimpleAtoi(absl::StripPrefix(request->name(), "files/"), &size)) {
    return Status(grpc::StatusCode::NOT_FOUND, "No such file.");
  }
  HttpBody piece;
  piece.set_content_type("image/png");
  while (sent < size) {
    piece.set_data(std::string(std::min<int64_t>(65536, size - sent), 'x'));
    if (!writer->Write(piece)) return Status::CANCELLED;
    sent += static_cast<int64_t>(piece.data().size());
    piece.clear_content_type();
  }
  return Status::OK;
}

GatewayTest::GatewayTest() {
  options_.caller_rate = options_.address_rate = -1;
  options_.language = "en";
  options_.stream_open = absl::Milliseconds(20);
  http_options_.address = "127.0.0.1:0";
  http_options_.tick = absl::Milliseconds(5);
}

void GatewayTest::Start() {
  rpc::KeepCallbackQueue();
  grpc::ServerBuilder builder;
  builder.RegisterService(&gadgets_);
  server_ = builder.BuildAndStart();
  if (!channel_) channel_ = server_->InProcessChannel({});
  gateway_ = MakeGateway(std::move(redis_));
  ASSERT_NE(gateway_, nullptr);
  auto http = http::Server::Start(http_options_, *gateway_);
  ASSERT_OK(http);
  http_ = *std::move(http);
}

std::unique_ptr<Gateway> GatewayTest::MakeGateway(std::unique_ptr<redis::Client> redis) {
  auto gateway =
      Gateway::Create(options_, {{v1::Gadget::descriptor()->file()->service(0), channel_}}, {},
                      clock_, telemetry_, std::move(redis));
  EXPECT_OK(gateway);
  return gateway.ok() ? *std::move(gateway) : nullptr;
}

GatewayTest::~GatewayTest() { Stop(); }

void GatewayTest::Stop() {
  if (http_) http_->Stop(absl::Seconds(1));
  if (server_) server_->Shutdown(std::chrono::system_clock::now());
  if (gateway_) gateway_->WaitIdle();
  http_.reset();
}

}  // namespace veche::gateway::testing
