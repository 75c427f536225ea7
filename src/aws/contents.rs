//! What is in a bucket, and its end: counting, emptying and deleting it.

use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::aws::fault::{Answer, Fault};
use crate::aws::{Aws, complete};
use crate::harmless;
use crate::spec::names::{AccountId, BucketName, Region};

/// How much is in a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Objects, and the versions of old that a bucket with versioning keeps.
    pub objects: u64,
    /// Their size, in bytes.
    pub bytes: u64,
    /// Marks that a bucket with versioning keeps in the place of what was deleted.
    pub delete_markers: u64,
    /// Multipart uploads that were begun and not ended.
    pub uploads: u64,
}

impl Contents {
    /// Whether S3 would delete the bucket as it is.
    pub fn is_empty(self) -> bool {
        self.objects + self.delete_markers + self.uploads == 0
    }
}

/// One object, version, or delete marker.
type Entry = ObjectIdentifier;

/// A multipart upload: its object's key, and its id.
type Upload = (String, String);

impl Aws {
    /// Counts everything in the bucket, a thousand entries at a time; a bucket that is not there has nothing in it.
    pub async fn bucket_contents(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Contents> {
        let counted = async {
            let (mut contents, uploads) =
                tokio::try_join!(self.count_entries(bucket, region, owner), self.uploads(bucket, region, owner))?;
            contents.uploads = uploads.len() as u64;
            Ok(contents)
        };
        match counted.await {
            Err(fault) if Fault::is(&fault, "NoSuchBucket") => Ok(Contents::default()),
            other => other,
        }
    }

    /// Deletes up to a thousand objects, versions and delete markers, or else aborts the unfinished uploads. `false`
    /// when there was nothing left. It always begins at the front, so that a call whose answer was lost is repeated by
    /// the next one.
    pub async fn empty_some(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<bool> {
        let page = self.entries(bucket, region, owner, None).await?;
        let entries: Vec<Entry> = entries_of(&page);
        if !entries.is_empty() {
            return self.delete_entries(bucket, region, owner, entries).await.map(|()| true);
        }
        let uploads = self.uploads(bucket, region, owner).await?;
        for (key, id) in &uploads {
            self.abort_upload(bucket, region, owner, key, id).await?;
        }
        Ok(!uploads.is_empty())
    }

    /// Deletes the bucket, which must be empty; one that is gone already is no error.
    pub async fn delete_bucket(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<()> {
        let request = self.s3(region).delete_bucket().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        match request.send().await.map_err(|e| Fault::of("s3:DeleteBucket", bucket.as_str(), &e)) {
            Err(fault) if !fault.is("NoSuchBucket") => Err(fault),
            _ => Ok(()),
        }
    }

    async fn count_entries(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Contents> {
        let mut contents = Contents::default();
        let mut from = None;
        loop {
            let page = self.entries(bucket, region, owner, from.take()).await?;
            contents.objects += page.versions().len() as u64;
            contents.delete_markers += page.delete_markers().len() as u64;
            let sizes = page.versions().iter().filter_map(|version| version.size());
            contents.bytes += sizes.map(|size| u64::try_from(size).unwrap_or_default()).sum::<u64>();
            match (page.is_truncated(), page.next_key_marker) {
                (Some(true), Some(key)) => from = Some((key, page.next_version_id_marker)),
                _ => return Ok(contents),
            }
        }
    }

    /// One page of everything that stands under a key: a bucket without versioning lists its objects here as well.
    async fn entries(
        &self,
        bucket: &BucketName,
        region: &Region,
        owner: &AccountId,
        from: Option<(String, Option<String>)>,
    ) -> Answer<ListObjectVersionsOutput> {
        let (key, version) = from.unzip();
        let request =
            self.s3(region).list_object_versions().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let request = request.set_key_marker(key).set_version_id_marker(version.flatten());
        request.send().await.map_err(|e| Fault::of("s3:ListBucketVersions", bucket.as_str(), &e))
    }

    async fn delete_entries(
        &self,
        bucket: &BucketName,
        region: &Region,
        owner: &AccountId,
        entries: Vec<Entry>,
    ) -> Answer<()> {
        let delete = complete(Delete::builder().set_objects(Some(entries)).quiet(true).build());
        let request = self.s3(region).delete_objects().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.delete(delete).send().await;
        let answer = answer.map_err(|e| Fault::of("s3:DeleteObject", bucket.as_str(), &e))?;
        // The answer is a success even when single objects were refused.
        match answer.errors.unwrap_or_default().into_iter().next() {
            None => Ok(()),
            Some(error) => Err(Fault {
                action: "s3:DeleteObjectVersion",
                resource: harmless::sentence(&format!("{bucket}/{}", error.key.unwrap_or_default())),
                code: error.code,
                status: None,
                message: harmless::sentence(&error.message.unwrap_or_default()),
            }),
        }
    }

    async fn uploads(&self, bucket: &BucketName, region: &Region, owner: &AccountId) -> Answer<Vec<Upload>> {
        let mut found = Vec::new();
        let mut from = (None, None);
        loop {
            let request =
                self.s3(region).list_multipart_uploads().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
            let request = request.set_key_marker(from.0.take()).set_upload_id_marker(from.1.take());
            let page = request.send().await;
            let page = page.map_err(|e| Fault::of("s3:ListBucketMultipartUploads", bucket.as_str(), &e))?;
            let uploads = page.uploads.unwrap_or_default().into_iter();
            found.extend(uploads.filter_map(|upload| Some((upload.key?, upload.upload_id?))));
            match (page.is_truncated, page.next_key_marker) {
                (Some(true), Some(key)) => from = (Some(key), page.next_upload_id_marker),
                _ => return Ok(found),
            }
        }
    }

    async fn abort_upload(
        &self,
        bucket: &BucketName,
        region: &Region,
        owner: &AccountId,
        key: &str,
        id: &str,
    ) -> Answer<()> {
        let request =
            self.s3(region).abort_multipart_upload().bucket(bucket.as_str()).expected_bucket_owner(owner.as_str());
        let answer = request.key(key).upload_id(id).send().await;
        match answer.map_err(|e| Fault::of("s3:AbortMultipartUpload", bucket.as_str(), &e)) {
            Err(fault) if !fault.is("NoSuchUpload") => Err(fault),
            _ => Ok(()),
        }
    }
}

fn entries_of(page: &ListObjectVersionsOutput) -> Vec<Entry> {
    let versions = page.versions().iter().map(|entry| (entry.key(), entry.version_id()));
    let markers = page.delete_markers().iter().map(|entry| (entry.key(), entry.version_id()));
    let entry = |(key, version): (Option<&str>, Option<&str>)| {
        Some(complete(Entry::builder().key(key?).set_version_id(version.map(str::to_owned)).build()))
    };
    versions.chain(markers).filter_map(entry).collect()
}
