#include "common/events/wire.h"

#include <utility>

namespace veche::events {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

v1::Event ToProto(const Event& event, absl::string_view source) {
  v1::Event proto;
  proto.set_id(event.id);
  proto.set_source(std::string(source));
  proto.set_type(event.type);
  proto.set_subject(event.subject);
  const absl::Time whole = absl::FromUnixSeconds(absl::ToUnixSeconds(event.time));
  proto.mutable_time()->set_seconds(absl::ToUnixSeconds(event.time));
  proto.mutable_time()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(event.time - whole)));
  proto.set_data(event.data);
  proto.set_cursor(event.cursor);
  return proto;
}

Event FromProto(v1::Event event) {
  return {
      .id = std::move(*event.mutable_id()),
      .type = std::move(*event.mutable_type()),
      .subject = std::move(*event.mutable_subject()),
      .time = FromMicros(event.time().seconds() * kMicrosPerSecond + event.time().nanos() / 1000),
      .data = std::move(*event.mutable_data()),
      .cursor = std::move(*event.mutable_cursor())};
}

}  // namespace veche::events
