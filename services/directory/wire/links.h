#pragma once

#include <string>

#include "services/directory/domain/organization.h"
#include "veche/directory/v1/organizations.pb.h"

// Links that phones understand, and texts to share. Pure functions.

namespace veche::directory {

struct LinkOptions {
  std::string public_url = {};  // "https://city.example.org"; "" for no links to pages
  std::string route_link = {};  // with {latitude} and {longitude}; "" for none
};

v1::Links LinksOf(const Organization& organization, const LinkOptions& options);

// The title and the link.
std::string ShareTextOf(const EService& service);

}  // namespace veche::directory
