#include "services/classification/learning/texts.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/classification/model/places.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"

namespace veche::classification {
namespace {

constexpr size_t kPage = 500;
constexpr absl::Duration kTimeout = absl::Seconds(10);

class RemoteTexts final : public TextSource {
 public:
  explicit RemoteTexts(std::shared_ptr<grpc::Channel> channel)
      : stub_(appeals::v1::Appeals::NewStub(std::move(channel))) {}

  absl::StatusOr<std::map<std::string, AppealText>> Fetch(
      absl::Span<const std::string> appeals) override {
    std::map<std::string, AppealText> texts;
    while (!appeals.empty()) {
      appeals::v1::BatchGetTextsRequest request;
      for (const std::string& name : appeals.subspan(0, kPage)) request.add_names(name);
      appeals::v1::BatchGetTextsResponse response;
      const auto context = rpc::NewBackgroundContext("classification", kTimeout);
      RETURN_IF_ERROR(rpc::FromGrpc(stub_->BatchGetTexts(context.get(), request, &response)));
      if (response.examined() <= 0)
        return absl::InternalError("appeals examined none of the names");
      for (auto& text : *response.mutable_texts()) {
        TextOrigin origin = {.district = text.district(), .channel = text.channel()};
        if (text.location().has_latitude() && text.location().has_longitude()) {
          origin.point = {text.location().latitude(), text.location().longitude()};
        }
        std::vector<std::string> places = PlaceNames(origin);
        texts[text.name()] = {std::move(*text.mutable_text()), std::move(places)};
      }
      appeals.remove_prefix(std::min<size_t>(response.examined(), request.names_size()));
    }
    return texts;
  }

 private:
  const std::unique_ptr<appeals::v1::Appeals::Stub> stub_;
};

}  // namespace

std::unique_ptr<TextSource> AppealTexts(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<RemoteTexts>(std::move(channel));
}

}  // namespace veche::classification
