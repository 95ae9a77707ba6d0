#pragma once

#include "services/issuer/domain/poll.h"
#include "veche/identity/v1/eligibility.pb.h"
#include "veche/issuer/v1/issuer.pb.h"

// Between the wire (v1::X) and the domain (X). Pure functions.

namespace veche::issuer {

Poll FromWire(const v1::CreatePollKeyRequest& request);
identity::v1::Eligibility ToWire(const EligibilityRule& rule);

}  // namespace veche::issuer
