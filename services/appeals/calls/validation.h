#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/geo/point.h"
#include "google/protobuf/repeated_field.h"
#include "services/appeals/domain/city_snapshot.h"
#include "veche/appeals/v1/appeals.pb.h"

// Checks of request fields. Each adds its violations and continues. Pure.

namespace veche::appeals {

inline constexpr size_t kLongestText = 20'000;    // characters, of an appeal
inline constexpr size_t kLongestAnswer = 10'000;  // of messages and answers
inline constexpr size_t kLongestComment = 2'000;
inline constexpr size_t kLongestAddress = 300;
inline constexpr int kMostAttachments = 10;

// A text of 1 (or, when `optional`, 0) to `longest` characters; returns the cleaned text to store.
std::string ReadText(absl::string_view text, absl::string_view field, size_t longest, bool optional,
                     Violations& violations);

// Ids of "attachments/{id}" names, each at most once.
std::vector<std::string> ReadAttachments(
    const google::protobuf::RepeatedPtrField<std::string>& names, Violations& violations);

// The point of a location; a violation when the location has only an address.
std::optional<geo::LatLng> ReadLocation(bool present, const v1::Location& location,
                                        Violations& violations);

// "", or the name of a category or department of the city. While the directory is unknown, any
// well-formed name is accepted.
void CheckCategory(absl::string_view name, const CitySnapshot* city, absl::string_view field,
                   Violations& violations);
void CheckDepartment(absl::string_view name, const CitySnapshot* city, absl::string_view field,
                     Violations& violations);

// A phone number or an e-mail address in the normal form of sign-in; "" for "".
std::string ReadContact(absl::string_view contact, Violations& violations);

// A known number of the enum, zero included.
template <typename Enum>
void CheckEnum(Enum value, bool (*is_valid)(int), absl::string_view field, Violations& violations) {
  if (!is_valid(static_cast<int>(value))) violations.Add(field, "UNKNOWN_VALUE");
}

}  // namespace veche::appeals
