# A Source-to-Image builder with Seshat, of any Python builder image; that one stays as it is, and a label says where the
# scripts are. The context: `seshat` and the folder s2i/bin of this repository as bin/.
#
#   buildah bud --build-arg BASE=… -f Containerfile.builder -t python-seshat CONTEXT
#   s2i build … python-seshat application        # or a BuildConfig: s2i/openshift/
ARG BASE
FROM ${BASE}
USER 0
COPY seshat bin/assemble bin/run bin/save-artifacts bin/usage /usr/libexec/seshat-s2i/
LABEL io.openshift.s2i.scripts-url="image:///usr/libexec/seshat-s2i" \
      io.k8s.display-name="Python with Seshat" \
      io.k8s.description="Builds Python applications whose packages are chosen for this image" \
      io.openshift.tags="builder,python"
USER 1001
CMD ["/usr/libexec/seshat-s2i/usage"]
