// The C loops of Stratum: only those where Swift's baseline vectors cost more than 1.5 times.
// Each has a Swift twin that the tests compare with it.
#pragma once

#include "CKernelsCSV.h"
#include "CKernelsFiles.h"
#include "CKernelsFormat.h"
#include "CKernelsIdentifiers.h"
#include "CKernelsKMeans.h"
#include "CKernelsLifetime.h"
#include "CKernelsOrder.h"
#include "CKernelsOrders.h"
#include "CKernelsQuality.h"
#include "CKernelsReasons.h"
#include "CKernelsScoring.h"
#include "CKernelsTables.h"
#include "CKernelsTiers.h"
#include "CKernelsWeights.h"
