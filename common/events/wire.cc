#include "common/events/wire.h"

#include <utility>

#include "common/api/timestamp.h"

namespace veche::events {

v1::Event ToProto(const Event& event, absl::string_view source) {
  v1::Event proto;
  proto.set_id(event.id);
  proto.set_source(std::string(source));
  proto.set_type(event.type);
  proto.set_subject(event.subject);
  *proto.mutable_time() = api::ToTimestamp(event.time);
  proto.set_data(event.data);
  proto.set_cursor(event.cursor);
  return proto;
}

Event FromProto(v1::Event event) {
  return {.id = std::move(*event.mutable_id()),
          .type = std::move(*event.mutable_type()),
          .subject = std::move(*event.mutable_subject()),
          .time = api::FromTimestamp(event.time()),
          .data = std::move(*event.mutable_data()),
          .cursor = std::move(*event.mutable_cursor())};
}

}  // namespace veche::events
