#include "services/directory/calls/entry_view.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/base/stable_hash.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/directory/domain/errors.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/organization_wire.h"

namespace veche::directory {
namespace {

// Maps in the order of their keys, so that equal messages have equal bytes.
std::string DeterministicBytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream output(&bytes);
  google::protobuf::io::CodedOutputStream coded(&output);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

v1::Organization WithoutEtag(const Organization& organization, absl::string_view district,
                             const LinkOptions& links) {
  v1::Organization wire = ToWire(organization);
  wire.set_district(NameOf(kDistricts, district));
  *wire.mutable_links() = LinksOf(organization, links);
  return wire;
}

}  // namespace

v1::Organization CopyOf(const Organization& organization, absl::string_view district,
                        const LinkOptions& links) {
  v1::Organization wire = WithoutEtag(organization, district, links);
  wire.set_etag(EtagOf(organization.state.version, wire));
  return wire;
}

v1::Organization ViewOf(const Organization& organization, absl::string_view district,
                        std::optional<double> distance_meters, const LinkOptions& links,
                        OpenClock& clock) {
  v1::Organization wire = WithoutEtag(organization, district, links);
  if (distance_meters) wire.set_distance_meters(*distance_meters);
  if (organization.hours && !organization.state.delete_time) {
    const OpenState state = clock.StateOf(*organization.hours);
    wire.set_open_now(state.open);
    if (state.open_time) *wire.mutable_open_time() = api::ToTimestamp(*state.open_time);
    if (state.close_time) *wire.mutable_close_time() = api::ToTimestamp(*state.close_time);
  }
  wire.set_etag(EtagOf(organization.state.version, wire));
  return wire;
}

v1::EService ViewOf(const EService& service) {
  v1::EService wire = ToWire(service);
  wire.set_share_text(ShareTextOf(service));
  wire.set_etag(EtagOf(service.state.version, wire));
  return wire;
}

std::string EtagOf(int64_t version, const google::protobuf::Message& message) {
  return absl::StrCat(version, ".", absl::Hex(StableHash(DeterministicBytes(message))));
}

absl::Status CheckEtag(int64_t version, absl::string_view etag) {
  absl::ConsumePrefix(&etag, "W/");
  absl::ConsumePrefix(&etag, "\"");
  absl::ConsumeSuffix(&etag, "\"");
  const std::string current = absl::StrCat(version);
  if (etag.empty() || etag == "*" || etag.substr(0, etag.find('.')) == current) {
    return absl::OkStatus();
  }
  return EtagMismatch(current);
}

}  // namespace veche::directory
